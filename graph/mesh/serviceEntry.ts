import { isCidr, normalAddress } from "./addresses";
import { capped, type Exports, exportsOf } from "./exportTo";
import { isWildcard } from "./hosts";
import type { MeshConfig } from "./meshConfig";
import type { MeshObject } from "./object";
import { type Port, portKind } from "./protocol";
import type { Endpoint, Resolution, Service } from "./service";
import type { Value } from "./value";

/**
 * A ServiceEntry's host as a service (Istio API `ServiceEntry`; `se/conversion.go: convertServices`).
 * One host with several addresses stays one service here; the stages that care look at each address.
 */
export class EntryService implements Service {
  readonly registry = "external" as const;

  constructor(
    readonly object: MeshObject,
    readonly host: string,
    private readonly config: MeshConfig,
    private readonly namespaceLabels: Record<string, unknown>,
  ) {}

  get namespace(): string {
    return this.object.namespace;
  }

  get sortName(): string {
    return this.host;
  }

  private memoPorts?: Port[];
  get ports(): Port[] {
    this.memoPorts ??= this.object.spec.at("ports").list().map(entryPort);
    return this.memoPorts;
  }

  private memoResolution?: Resolution;
  get resolution(): Resolution {
    this.memoResolution ??= (this.object.spec.at("resolution").text() || "NONE") as Resolution;
    return this.memoResolution;
  }

  get external(): boolean {
    return this.object.spec.at("location").text() !== "MESH_INTERNAL";
  }

  private memoAddresses?: string[];
  get addresses(): string[] {
    this.memoAddresses ??= this.readAddresses();
    return this.memoAddresses;
  }

  private readAddresses(): string[] {
    const declared = this.object.spec.at("addresses").texts();
    if (declared.length > 0) return declared.map(normalAddress).filter((a) => a !== undefined);
    return this.automaticAddresses();
  }

  /** VIPs of istiod's allocator; a sidecar uses them only with DNS capture (`model/service.go: nodeUsesAutoallocatedIPs`). */
  private automaticAddresses(): string[] {
    if (!this.config.dnsCapture || this.resolution === "NONE") return [];
    if (this.object.label("networking.istio.io/enable-autoallocate-ip") === "false") return [];
    if (isWildcard(this.host) && this.resolution !== "DYNAMIC_DNS") return [];
    const given = this.object.root.at("status").at("addresses").list();
    const mine = given.filter((a) => [this.host, ""].includes(a.at("host").text())).map((a) => a.at("value").text());
    return mine.length > 0 ? mine.slice(0, 1) : [`vip:${this.host}`];
  }

  get exportList(): string[] {
    return this.object.spec.at("exportTo").texts();
  }

  private memoExports?: Exports;
  get exports(): Exports {
    this.memoExports ??= capped(
      exportsOf(this.exportList, this.config.defaultServiceExportTo, this.namespace),
      this.config.value("serviceEntryVisibility"),
      { labels: this.namespaceLabels, namespace: this.namespace },
    );
    return this.memoExports;
  }

  private memoEndpoints?: Endpoint[];
  get endpoints(): Endpoint[] {
    this.memoEndpoints ??= this.readEndpoints();
    return this.memoEndpoints;
  }

  private readEndpoints(): Endpoint[] {
    const declared = this.object.spec.at("endpoints").list();
    if (declared.length > 0) return declared.map(readEndpoint);
    const byHost = this.resolution === "DNS" || this.resolution === "DNS_ROUND_ROBIN";
    if (!byHost || this.selector) return [];
    return [{ address: this.host, ports: {}, labels: {}, serviceAccount: "", field: "spec.hosts" }];
  }

  get selector(): Record<string, unknown> | undefined {
    const selector = this.object.spec.at("workloadSelector");
    return selector.present ? selector.at("labels").rawMap() : undefined;
  }

  get subjectAltNames(): string[] {
    return this.object.spec.at("subjectAltNames").texts();
  }
}

function entryPort(value: Value): Port {
  const protocol = value.at("protocol").text().toLowerCase();
  return {
    number: value.at("number").number() ?? 0,
    name: value.at("name").text(),
    protocol,
    kind: portKind(protocol),
    target: value.at("targetPort").number(),
  };
}

export function readEndpoint(value: Value): Endpoint {
  const ports: Record<string, number> = {};
  for (const [name, number] of value.at("ports").entries()) ports[name] = number.number() ?? 0;
  return {
    address: value.at("address").text(),
    ports,
    labels: value.at("labels").rawMap(),
    serviceAccount: value.at("serviceAccount").text(),
    field: value.path,
    object: value.of,
  };
}

export function hasCidr(service: Service): boolean {
  return service.addresses.some(isCidr);
}
