import { type Exports, exportsOf, serviceExportList } from "./exportTo";
import type { MeshConfig } from "./meshConfig";
import type { MeshObject } from "./object";
import { type Port, portKind, servicePortProtocol } from "./protocol";
import type { Endpoint, Resolution, Service } from "./service";
import type { Value } from "./value";

/** A Kubernetes Service (Istio `pilot/pkg/serviceregistry/kube/conversion.go: ConvertService`). */
export class KubeService implements Service {
  readonly registry = "kubernetes" as const;
  readonly host: string;
  readonly subjectAltNames: string[] = [];
  readonly endpoints: Endpoint[] = [];

  constructor(
    readonly object: MeshObject,
    private readonly config: MeshConfig,
  ) {
    this.host = `${object.name}.${object.namespace}.svc.${config.clusterDomain}`;
  }

  get namespace(): string {
    return this.object.namespace;
  }

  get sortName(): string {
    return this.object.name;
  }

  private memoPorts?: Port[];
  get ports(): Port[] {
    this.memoPorts ??= this.object.spec.at("ports").list().map(servicePort);
    return this.memoPorts;
  }

  get resolution(): Resolution {
    if (this.object.spec.at("type").text() === "ExternalName") return "ALIAS";
    return this.object.spec.at("clusterIP").text() === "None" ? "HEADLESS" : "CLUSTER_IP";
  }

  readonly external = false;

  /** The clusterIP; manifests rarely hold it, so it may be the placeholder `vip:<host>`. */
  get addresses(): string[] {
    if (this.resolution !== "CLUSTER_IP") return [];
    const given = this.object.spec.at("clusterIP").text();
    return [given === "" ? `vip:${this.host}` : given];
  }

  get exportList(): string[] {
    return serviceExportList(this.object);
  }

  private memoExports?: Exports;
  get exports(): Exports {
    this.memoExports ??= exportsOf(this.exportList, this.config.defaultServiceExportTo, this.namespace);
    return this.memoExports;
  }

  get selector(): Record<string, unknown> | undefined {
    const selector = this.object.spec.at("selector").rawMap();
    return Object.keys(selector).length > 0 ? selector : undefined;
  }

  get aliasOf(): string | undefined {
    return this.resolution === "ALIAS" ? this.object.spec.at("externalName").text() : undefined;
  }
}

function servicePort(value: Value): Port {
  const number = value.at("port").number() ?? 0;
  const name = value.at("name").text();
  const protocol = servicePortProtocol(number, name, value.at("protocol").text(), value.at("appProtocol").text());
  const target = value.at("targetPort").text();
  return {
    number,
    name,
    protocol,
    kind: portKind(protocol),
    target: target === "" || target === "0" ? number : /^\d+$/.test(target) ? Number(target) : target,
  };
}
