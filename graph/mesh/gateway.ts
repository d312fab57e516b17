import type { MeshObject } from "./object";
import { type PortKind, portKind } from "./protocol";
import type { Value } from "./value";

export type TlsMode =
  | "PASSTHROUGH"
  | "SIMPLE"
  | "MUTUAL"
  | "AUTO_PASSTHROUGH"
  | "ISTIO_MUTUAL"
  | "OPTIONAL_MUTUAL"
  | "NONE";

/** One server of a Gateway (Istio API `Gateway.servers[]`), or one listener of a Gateway API Gateway. */
export interface Server {
  gateway: GatewayObject;
  field: string;
  /** Port number as written. */
  port: number;
  portName: string;
  /** Lower case. */
  protocol: string;
  kind: PortKind;
  bind: string;
  /** "host" or "namespace/host" (`model/gateway.go: sanitizeServerHostNamespace`). */
  hosts: string[];
  /** "NONE": no tls block, or one that only redirects. */
  mode: TlsMode;
  hasTls: boolean;
  httpsRedirect: boolean;
  /** Names that a client certificate must bear one of; empty: any. */
  subjectAltNames: string[];
}

export interface GatewayObject {
  readonly object: MeshObject;
  readonly namespace: string;
  /** Name in `gateways` of routes: "namespace/name". */
  readonly key: string;
  /** Undefined or empty: every gateway proxy. */
  readonly selector?: Record<string, unknown>;
  /** Gateway API: hosts of the Services whose pods it applies to, instead of a selector. */
  readonly services?: string[];
  /** Gateway API, deployed by istiod. */
  readonly managed: boolean;
  readonly servers: Server[];
}

/** A Gateway of networking.istio.io. */
export class IstioGateway implements GatewayObject {
  readonly managed = false;

  constructor(readonly object: MeshObject) {}

  get namespace(): string {
    return this.object.namespace;
  }

  get key(): string {
    return `${this.object.namespace}/${this.object.name}`;
  }

  get selector(): Record<string, unknown> | undefined {
    return this.object.spec.at("selector").rawMap();
  }

  private memoServers?: Server[];
  get servers(): Server[] {
    this.memoServers ??= this.object.spec
      .at("servers")
      .list()
      .map((server) => this.readServer(server));
    return this.memoServers;
  }

  private readServer(server: Value): Server {
    const tls = server.at("tls");
    const protocol = server.at("port").at("protocol").text().toLowerCase();
    return {
      gateway: this,
      field: server.path,
      port: server.at("port").at("number").number() ?? 0,
      portName: server.at("port").at("name").text(),
      protocol,
      kind: portKind(protocol),
      bind: server.at("bind").text(),
      hosts: server
        .at("hosts")
        .texts()
        .map((host) => serverHost(host, this.namespace)),
      mode: SECURE.has(protocol) ? modeOf(tls) : "NONE",
      hasTls: tls.present,
      httpsRedirect: tls.at("httpsRedirect").flag(),
      subjectAltNames: tls.at("subjectAltNames").texts(),
    };
  }
}

/** Protocols whose servers heed a TLS block; on others it only redirects. */
const SECURE = new Set(["https", "tls"]);

/** `mode` absent is the zero value, PASSTHROUGH. */
function modeOf(tls: Value): TlsMode {
  if (!tls.present) return "NONE";
  const mode = tls.at("mode").text();
  return (mode || "PASSTHROUGH") as TlsMode;
}

/** `*\/host` is any namespace, `./host` the Gateway's own. */
function serverHost(host: string, namespace: string): string {
  if (host.startsWith("*/")) return host.slice(2);
  return host.startsWith("./") ? `${namespace}/${host.slice(2)}` : host;
}

/** Server hosts that routes of a namespace may use, prefix cut off (`pkg/config/host: NamesForNamespace`). */
export function hostsFor(server: Server, namespace: string): string[] {
  const found: string[] = [];
  for (const host of server.hosts) {
    const slash = host.indexOf("/");
    if (slash < 0) found.push(host);
    else if (host.slice(0, slash) === namespace) found.push(host.slice(slash + 1));
  }
  return found;
}

/** SNI names of a terminating server: hosts without their prefix. */
export function sniHosts(server: Server): string[] {
  return server.hosts.map((host) => host.slice(host.indexOf("/") + 1));
}

/** Terminates TLS. */
export function terminates(server: Server): boolean {
  return !["NONE", "PASSTHROUGH", "AUTO_PASSTHROUGH"].includes(server.mode);
}
