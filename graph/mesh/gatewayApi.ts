import type { Manifest } from "../manifest";
import type { Exports } from "./exportTo";
import type { GatewayObject, Server, TlsMode } from "./gateway";
import { intersect } from "./hosts";
import { fitsSelector } from "./labels";
import type { Mesh } from "./mesh";
import type { MeshObject } from "./object";
import { portKind } from "./protocol";
import { UNKNOWN } from "./unknown";
import type { Value } from "./value";

/**
 * Gateway API's Gateway of class `istio`, in the form of Istio's own (`pilot/pkg/config/kube/gateway/conversion.go`).
 * istiod deploys pods and a Service `<name>-istio` for it unless an address names a Service by host name
 * (`gatewaycommon/gateway_utils.go: IsManaged`, `files/kube-gateway.yaml`).
 */
export class ApiGateway implements GatewayObject {
  readonly services: string[];
  readonly managed: boolean;

  constructor(
    readonly object: MeshObject,
    private readonly domain: string,
  ) {
    const addresses = object.spec.at("addresses").list();
    const byHost = addresses.filter(
      (a) => ["", "Hostname"].includes(a.at("type").text()) && a.at("value").text() !== "",
    );
    this.managed = addresses.length === 0 || (addresses.length === 1 && byHost.length === 0);
    this.services = this.managed
      ? [`${deployedName(object)}.${object.namespace}.svc.${domain}`]
      : byHost.map((a) => this.longName(a.at("value").text()));
  }

  private longName(name: string): string {
    return name.includes(".") ? name : `${name}.${this.object.namespace}.svc.${this.domain}`;
  }

  get namespace(): string {
    return this.object.namespace;
  }

  get key(): string {
    return `${this.object.namespace}/${this.object.name}`;
  }

  private memoServers?: Server[];
  get servers(): Server[] {
    this.memoServers ??= this.object.spec
      .at("listeners")
      .list()
      .map((listener) => this.server(listener));
    return this.memoServers;
  }

  private server(listener: Value): Server {
    const protocol = listener.at("protocol").text().toLowerCase();
    const mode = tlsMode(listener.at("tls"), protocol);
    return {
      gateway: this,
      field: listener.path,
      port: listener.at("port").number() ?? 0,
      portName: listener.at("name").text(),
      protocol,
      kind: portKind(protocol),
      bind: "",
      hosts: [listener.at("hostname").text() || "*"],
      mode,
      hasTls: mode !== "NONE",
      httpsRedirect: false,
      subjectAltNames: [],
    };
  }
}

const TERMINATE_MODES: Record<string, TlsMode> = {
  MUTUAL: "MUTUAL",
  OPTIONAL_MUTUAL: "OPTIONAL_MUTUAL",
  ISTIO_SIMPLE: "SIMPLE",
  ISTIO_MUTUAL: "ISTIO_MUTUAL",
};

function tlsMode(tls: Value, protocol: string): TlsMode {
  if (!tls.present || protocol === "http" || protocol === "tcp") return "NONE";
  if (tls.at("mode").text() === "Passthrough") return "PASSTHROUGH";
  return TERMINATE_MODES[tls.at("options").at("gateway.istio.io/tls-terminate-mode").text()] ?? "SIMPLE";
}

export function deployedName(gateway: MeshObject): string {
  return (
    gateway.annotation("gateway.istio.io/name-override") ||
    `${gateway.name}-${gateway.spec.at("gatewayClassName").text()}`
  );
}

/** Deployment and Service that istiod makes for a managed Gateway. */
export function deployedManifests(gateway: MeshObject): Manifest[] {
  const name = deployedName(gateway);
  const infrastructure = gateway.spec.at("infrastructure");
  const labels = {
    ...infrastructure.at("labels").rawMap(),
    "gateway.networking.k8s.io/gateway-name": gateway.name,
    "gateway.istio.io/managed": "istio.io-gateway-controller",
    "sidecar.istio.io/inject": "false",
  };
  const metadata = { name, namespace: gateway.namespace, labels } as Manifest["metadata"];
  const ports = gateway.spec
    .at("listeners")
    .list()
    .map((listener) => ({
      name: `${listener.at("protocol").text().toLowerCase()}-${listener.at("port").text()}`,
      port: listener.at("port").number(),
      appProtocol: listener.at("protocol").text().toLowerCase(),
    }));
  const unique = [...new Map([{ name: "status-port", port: 15021 }, ...ports].map((p) => [p.port, p])).values()];
  const account = gateway.annotation("gateway.istio.io/service-account") || name;
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { template: { metadata: { labels }, spec: { serviceAccountName: account } } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { ports: unique, selector: { "gateway.networking.k8s.io/gateway-name": gateway.name } },
    },
  ];
}

export interface Attachment {
  gateways: string[];
  hosts: string[];
  /** `parentRefs[].port` of mesh parents, listener ports of Gateways; undefined: every port. */
  ports?: number[];
  exports: Exports;
}

/** Where a route's parents put it (`gwapi/conversion.go: referenceAllowed, buildHostnameMatch`). */
export function attachments(route: MeshObject, mesh: Mesh): Attachment[] {
  const hostnames = route.spec.at("hostnames").texts();
  return route.spec
    .at("parentRefs")
    .list()
    .flatMap((ref) => {
      const kind = ref.at("kind").text() || "Gateway";
      const namespace = ref.at("namespace").text() || route.namespace;
      const name = ref.at("name").text();
      const port = ref.at("port").number();
      if (kind === "Gateway") return toGateway(route, mesh, `${namespace}/${name}`, ref, hostnames);
      const hosts = meshHosts(mesh, kind, namespace, name);
      const ports = port === undefined ? undefined : [port];
      return hosts.length === 0 ? [] : [{ gateways: ["mesh"], hosts, ports, exports: "everybody" as const }];
    });
}

function meshHosts(mesh: Mesh, kind: string, namespace: string, name: string): string[] {
  if (kind === "Service") return [`${name}.${namespace}.svc.${mesh.config.clusterDomain}`];
  return kind === "ServiceEntry" ? (mesh.object("ServiceEntry", namespace, name)?.spec.at("hosts").texts() ?? []) : [];
}

function toGateway(route: MeshObject, mesh: Mesh, key: string, ref: Value, hostnames: string[]): Attachment[] {
  const gateway = mesh.gateways.named(key);
  if (!gateway?.services) return [];
  const section = ref.at("sectionName").text();
  return gateway.object.spec
    .at("listeners")
    .list()
    .flatMap((listener) => {
      if (section !== "" && listener.at("name").text() !== section) return [];
      const port = listener.at("port").number() ?? 0;
      if (ref.at("port").present && ref.at("port").number() !== port) return [];
      if (!allowed(listener, gateway.namespace, route.namespace, mesh)) return [];
      const hostname = listener.at("hostname").text() || "*";
      const hosts = hostnames.length === 0 ? [hostname] : intersect(hostnames, [hostname]);
      return hosts.length === 0 ? [] : [{ gateways: [key], hosts, ports: [port], exports: "everybody" as const }];
    });
}

/** `allowedRoutes.namespaces`: Same by default. */
function allowed(listener: Value, own: string, other: string, mesh: Mesh): boolean {
  const namespaces = listener.at("allowedRoutes").at("namespaces");
  const from = namespaces.at("from").text() || "Same";
  if (from === "All") return true;
  if (from === "Same") return own === other;
  const place = { object: listener.of.id, field: namespaces.path };
  return from === "Selector" && fitsSelector(namespaces.at("selector").rawMap(), mesh.namespaceLabels(other), place);
}

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}
