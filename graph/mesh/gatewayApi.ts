import type { Manifest } from "../manifest";
import type { GatewayObject, Server, TlsMode } from "./gateway";
import { intersect } from "./hosts";
import { fitsSelector } from "./labels";
import type { Mesh } from "./mesh";
import type { MeshObject } from "./object";
import { portKind } from "./protocol";
import type { Value } from "./value";

/**
 * One listener of a Gateway API Gateway of class `istio`, in the form of Istio's own Gateway: each becomes a Gateway with one server
 * (`pilot/pkg/config/kube/gateway/conversion.go`).
 */
export class ApiListener implements GatewayObject {
  readonly key: string;

  constructor(
    readonly object: MeshObject,
    private readonly listener: Value,
    readonly services: string[],
    readonly managed: boolean,
  ) {
    this.key = listenerKey(object, listener);
  }

  get namespace(): string {
    return this.object.namespace;
  }

  private memoServers?: Server[];
  get servers(): Server[] {
    this.memoServers ??= [this.server()];
    return this.memoServers;
  }

  private server(): Server {
    const { listener } = this;
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

function listenerKey(gateway: MeshObject, listener: Value): string {
  return `${gateway.namespace}/${gateway.name}~${listener.at("name").text()}`;
}

/**
 * Listeners of a Gateway. istiod deploys pods and a Service `<name>-istio` for it unless an address names a Service by host name
 * (`gatewaycommon/gateway_utils.go: IsManaged`, `files/kube-gateway.yaml`).
 */
export function apiListeners(gateway: MeshObject, domain: string): ApiListener[] {
  const hosts = gateway.spec
    .at("addresses")
    .list()
    .filter((a) => ["", "Hostname"].includes(a.at("type").text()) && a.at("value").text() !== "")
    .map((a) => longName(a.at("value").text(), gateway.namespace, domain));
  const managed = isManaged(gateway);
  const services = managed ? [longName(deployedName(gateway), gateway.namespace, domain)] : hosts;
  return gateway.spec
    .at("listeners")
    .list()
    .map((listener) => new ApiListener(gateway, listener, services, managed));
}

function longName(name: string, namespace: string, domain: string): string {
  return name.includes(".") ? name : `${name}.${namespace}.svc.${domain}`;
}

/** No address, or a single one that is no host name. */
export function isManaged(gateway: MeshObject): boolean {
  const addresses = gateway.spec.at("addresses").list();
  const types = addresses.map((a) => a.at("type").text() || "IPAddress");
  return types.length === 0 || (types.length === 1 && types[0] !== "Hostname");
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

/** One host of one parent. */
export interface Attachment {
  gateway: string;
  host: string;
  /** `parentRefs[].port` of a mesh parent; undefined: every port. */
  port?: number;
  /** Hosts of a mesh parent, which a TLSRoute without hostnames takes as server names; undefined: the parent is a Gateway. */
  parentHosts?: string[];
  /** `hostname` of a Gateway's listener; "" any. */
  listenerHost?: string;
}

const GATEWAY_API = "gateway.networking.k8s.io";

/** Where a route's parents put it (`gwapi/conversion.go: referenceAllowed, buildHostnameMatch`). */
export function attachments(route: MeshObject, mesh: Mesh): Attachment[] {
  const hostnames = route.spec.at("hostnames").texts();
  return route.spec
    .at("parentRefs")
    .list()
    .flatMap((ref): Attachment[] => {
      const kind = ref.at("kind").text() || "Gateway";
      const group = ref.at("group").present ? ref.at("group").text() : GATEWAY_API;
      const namespace = ref.at("namespace").text() || route.namespace;
      const name = ref.at("name").text();
      if (kind === "Gateway" && group === GATEWAY_API)
        return toGateway(route, mesh, `${namespace}/${name}`, ref, hostnames);
      const hosts = meshHosts(mesh, `${group}/${kind}`, namespace, name);
      return hosts.map((host) => ({ gateway: "mesh", host, port: ref.at("port").number(), parentHosts: hosts }));
    });
}

function meshHosts(mesh: Mesh, kind: string, namespace: string, name: string): string[] {
  if (kind === "/Service") return [`${name}.${namespace}.svc.${mesh.config.clusterDomain}`];
  if (kind !== "networking.istio.io/ServiceEntry") return [];
  return mesh.object("ServiceEntry", namespace, name)?.spec.at("hosts").texts() ?? [];
}

function toGateway(route: MeshObject, mesh: Mesh, key: string, ref: Value, hostnames: string[]): Attachment[] {
  const gateway = mesh.apiGateways.get(key);
  const section = ref.at("sectionName").text();
  const listeners = gateway?.spec.at("listeners").list() ?? [];
  return listeners.flatMap((listener): Attachment[] => {
    if (section !== "" && listener.at("name").text() !== section) return [];
    if (ref.at("port").present && ref.at("port").number() !== listener.at("port").number()) return [];
    if (!carries(listener, route.kind) || !allowed(listener, listener.of.namespace, route.namespace, mesh)) return [];
    const listenerHost = listener.at("hostname").text();
    const own = hostnames.length === 0 ? ["*"] : hostnames;
    const hosts = listenerHost === "" ? own : intersect(own, [listenerHost]);
    return hosts.map((host) => ({ gateway: listenerKey(listener.of, listener), host, listenerHost }));
  });
}

/** Kinds of routes that a listener's protocol takes (Gateway API, `ProtocolType`). */
function carries(listener: Value, kind: string): boolean {
  const protocol = listener.at("protocol").text();
  if (protocol === "HTTP" || protocol === "HTTPS") return kind === "HTTPRoute" || kind === "GRPCRoute";
  return protocol === "TLS" ? kind === "TLSRoute" || kind === "TCPRoute" : kind === "TCPRoute";
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
