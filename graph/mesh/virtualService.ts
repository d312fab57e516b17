import { type Exports, exportsOf } from "./exportTo";
import { fqdn } from "./hosts";
import type { MeshConfig } from "./meshConfig";
import type { MeshObject } from "./object";
import type { Value } from "./value";

export interface Destination {
  host: string;
  port?: number;
  subset: string;
  /** Undefined: none declared. */
  weight?: number;
  field: string;
  object: MeshObject;
  /** The names in the backend's reference are wrong: HTTP answers 500 (Gateway API only). */
  invalid?: boolean;
}

/** What a match of any kind asks of the proxy that it is for. */
export interface ProxyMatch {
  /** "mesh" and "namespace/name"; empty: wherever the route is bound. */
  gateways: string[];
  sourceLabels: Record<string, unknown>;
  /** "" for any. */
  sourceNamespace: string;
  port?: number;
  field: string;
}

export interface L4Match extends ProxyMatch {
  sniHosts: string[];
  destinationSubnets: string[];
}

export interface L4Rule {
  matches: L4Match[];
  route: Destination[];
  field: string;
}

/** One VirtualService, or a Gateway API route in its form (Istio API `VirtualService`). */
export interface RouteObject {
  readonly object: MeshObject;
  readonly namespace: string;
  readonly name: string;
  /** Host names, short ones made long. */
  readonly hosts: string[];
  /** "mesh" and "namespace/name". */
  readonly gateways: string[];
  readonly exports: Exports;
  /** Rules of `http`, delegates not yet merged. */
  readonly http: Value[];
  readonly tls: L4Rule[];
  readonly tcp: L4Rule[];
  /** Made from a Gateway API route (`model/virtualservice.go: UseGatewaySemantics`). */
  readonly gatewaySemantics: boolean;
  /** Made from a TLSRoute: its tls rules also serve terminating servers. */
  readonly tlsRoute?: boolean;
}

export class VirtualService implements RouteObject {
  readonly gatewaySemantics = false;

  constructor(
    readonly object: MeshObject,
    private readonly config: MeshConfig,
  ) {}

  get namespace(): string {
    return this.object.namespace;
  }

  get name(): string {
    return this.object.name;
  }

  private memoHosts?: string[];
  get hosts(): string[] {
    this.memoHosts ??= this.object.spec
      .at("hosts")
      .texts()
      .map((host) => fqdn(host, this.namespace, this.config.clusterDomain));
    return this.memoHosts;
  }

  private memoGateways?: string[];
  get gateways(): string[] {
    this.memoGateways ??= boundGateways(this.object.spec.at("gateways").texts(), this.namespace);
    return this.memoGateways;
  }

  private memoExports?: Exports;
  get exports(): Exports {
    this.memoExports ??= exportsOf(
      this.object.spec.at("exportTo").texts(),
      this.config.defaultVirtualServiceExportTo,
      this.namespace,
    );
    return this.memoExports;
  }

  get http(): Value[] {
    return this.object.spec.at("http").list();
  }

  private memoTls?: L4Rule[];
  get tls(): L4Rule[] {
    this.memoTls ??= this.object.spec
      .at("tls")
      .list()
      .map((rule) => this.l4Rule(rule));
    return this.memoTls;
  }

  private memoTcp?: L4Rule[];
  get tcp(): L4Rule[] {
    this.memoTcp ??= this.object.spec
      .at("tcp")
      .list()
      .map((rule) => this.l4Rule(rule));
    return this.memoTcp;
  }

  private l4Rule(rule: Value): L4Rule {
    return {
      matches: rule
        .at("match")
        .list()
        .map((match) => readL4Match(match, this.namespace)),
      route: rule
        .at("route")
        .list()
        .map((route) => readDestination(route, this.namespace, this.config.clusterDomain)),
      field: rule.path,
    };
  }
}

/** No gateways means `mesh`. */
function boundGateways(names: string[], namespace: string): string[] {
  return names.length === 0 ? ["mesh"] : names.map((name) => gatewayName(name, namespace));
}

/** `name`, `./name`, `ns/name`, or the old `name.ns.svc…` (Istio `model/config.go: resolveGatewayName`). */
export function gatewayName(name: string, namespace: string): string {
  if (name === "mesh") return name;
  if (name.includes("/")) return name.startsWith("./") ? `${namespace}/${name.slice(2)}` : name;
  if (!name.includes(".")) return `${namespace}/${name}`;
  const [short, owner] = name.split(".");
  return `${owner}/${short}`;
}

export function readProxyMatch(match: Value, namespace: string): ProxyMatch {
  return {
    gateways: match
      .at("gateways")
      .texts()
      .map((name) => gatewayName(name, namespace)),
    sourceLabels: match.at("sourceLabels").rawMap(),
    sourceNamespace: match.at("sourceNamespace").text(),
    port: match.at("port").number(),
    field: match.path,
  };
}

function readL4Match(match: Value, namespace: string): L4Match {
  return {
    ...readProxyMatch(match, namespace),
    sniHosts: match.at("sniHosts").texts(),
    destinationSubnets: match.at("destinationSubnets").texts(),
  };
}

/** `route[]` of any rule: a `destination` with a weight. */
export function readDestination(route: Value, namespace: string, domain: string): Destination {
  return readTarget(route.at("destination"), namespace, domain, route.at("weight").number());
}

/** A `destination` by itself (mirrors hold one without weight). */
export function readTarget(target: Value, namespace: string, domain: string, weight?: number): Destination {
  return {
    host: fqdn(target.at("host").text(), namespace, domain),
    port: target.at("port").at("number").number(),
    subset: target.at("subset").text(),
    weight,
    field: target.path,
    object: target.of,
  };
}
