import type { HostIndex } from "./hostIndex";
import { isWildcard, overlaps, subsetOf } from "./hosts";
import { modeOf, type OutboundMode } from "./meshConfig";
import type { MeshObject } from "./object";
import { type PortKind, portKind } from "./protocol";
import type { Value } from "./value";

/** Hosts of an egress listener for one namespace (Istio `model/sidecar.go: hostClassification`). */
interface NamespaceHosts {
  exact: Set<string>;
  all: string[];
  excluded: string[];
}

/** Which services and VirtualServices an egress listener imports (Istio API `Sidecar.egress[].hosts`). */
export class HostFilter {
  private readonly byNamespace = new Map<string, NamespaceHosts>();
  /** Every entry is exact and names its namespace: Istio then looks services up instead of scanning them. */
  readonly allExact: boolean;

  constructor(entries: string[], ownNamespace: string) {
    let allExact = true;
    for (const entry of entries) {
      const parts = entry.split("/");
      if (parts.length !== 2) continue;
      let [namespace, host] = parts as [string, string];
      const excluded = namespace.startsWith("~");
      if (excluded) namespace = namespace.slice(1) || "*";
      if (namespace === ".") namespace = ownNamespace;
      const hosts = this.of(namespace);
      if (excluded) {
        hosts.excluded.push(host);
        continue;
      }
      if (isWildcard(host)) allExact = false;
      else hosts.exact.add(host);
      if (namespace === "*") allExact = false;
      hosts.all.push(host);
    }
    this.allExact = allExact;
  }

  private of(namespace: string): NamespaceHosts {
    let hosts = this.byNamespace.get(namespace);
    if (!hosts) {
      hosts = { exact: new Set(), all: [], excluded: [] };
      this.byNamespace.set(namespace, hosts);
    }
    return hosts;
  }

  excludes(namespace: string, host: string): boolean {
    return [namespace, "*"].some((ns) => this.byNamespace.get(ns)?.excluded.some((e) => subsetOf(host, e)));
  }

  /** A service: equal to an exact entry, or covered by an entry (`hostClassification.Matches`). */
  importsService(namespace: string, host: string): boolean {
    if (this.excludes(namespace, host)) return false;
    return [namespace, "*"].some((ns) => {
      const hosts = this.byNamespace.get(ns);
      return (
        hosts !== undefined && (hosts.exact.has(host) || hosts.all.some((h) => isWildcard(h) && subsetOf(host, h)))
      );
    });
  }

  /** A VirtualService, by one of its hosts: overlap in either direction; Gateway API routes must be covered (`VSMatches`). */
  importsRoute(namespace: string, vsHosts: string[], gatewaySemantics: boolean): boolean {
    return [namespace, "*"].some((ns) => {
      const hosts = this.byNamespace.get(ns);
      return (
        hosts !== undefined &&
        vsHosts.some((h) => routeMatches(hosts, h, gatewaySemantics) && !this.excludes(namespace, h))
      );
    });
  }

  /** Some entry takes every host of its namespaces. */
  get anyHost(): boolean {
    return [...this.byNamespace.values()].some((hosts) => hosts.all.includes("*"));
  }

  /** Names in the index that entries name or cover, whatever their namespace; each once. */
  hostsIn(index: Pick<HostIndex<unknown>, "covered">): Set<string> {
    const found = new Set<string>();
    for (const { all } of this.byNamespace.values()) {
      for (const host of all) {
        found.add(host);
        for (const name of index.covered(host)) found.add(name);
      }
    }
    return found;
  }

  /** Namespaces that services can come from; undefined: any. */
  get namespaces(): string[] | undefined {
    const importing = [...this.byNamespace].filter(([, hosts]) => hosts.all.length > 0).map(([ns]) => ns);
    return importing.includes("*") ? undefined : importing;
  }
}

function routeMatches(hosts: NamespaceHosts, host: string, gatewaySemantics: boolean): boolean {
  if (hosts.exact.has(host)) return true;
  const test = gatewaySemantics ? subsetOf : overlaps;
  return hosts.all.some((h) => (isWildcard(h) || isWildcard(host)) && test(host, h));
}

export interface ListenerSettings {
  field: string;
  port?: number;
  /** Declared protocol, lower case. */
  protocol: string;
  kind: PortKind;
  bind: string;
  captureNone: boolean;
  filter: HostFilter;
}

/** A Sidecar (Istio API `Sidecar`). */
export class SidecarResource {
  constructor(readonly object: MeshObject) {}

  /** Labels of `workloadSelector`; present without labels: fits every pod of the namespace. Undefined: no selector. */
  get selector(): Record<string, unknown> | undefined {
    const selector = this.object.spec.at("workloadSelector");
    return selector.present ? selector.at("labels").rawMap() : undefined;
  }

  /** Undefined: the mesh's. */
  get outboundMode(): OutboundMode | undefined {
    const policy = this.object.spec.at("outboundTrafficPolicy");
    return policy.present ? modeOf(policy) : undefined;
  }

  get egressProxy(): Value {
    return this.object.spec.at("outboundTrafficPolicy").at("egressProxy");
  }

  /** Egress listeners; `ownNamespace` is what "." means. None declared: everything visible. */
  listeners(ownNamespace: string): ListenerSettings[] {
    const known = this.memoListeners.get(ownNamespace) ?? this.readListeners(ownNamespace);
    this.memoListeners.set(ownNamespace, known);
    return known;
  }
  private readonly memoListeners = new Map<string, ListenerSettings[]>();

  private readListeners(ownNamespace: string): ListenerSettings[] {
    const egress = this.object.spec.at("egress").list();
    if (egress.length === 0) return [defaultListener(ownNamespace)];
    return egress.map((value) => listenerOf(value, ownNamespace));
  }
}

export function defaultListener(ownNamespace: string): ListenerSettings {
  return {
    field: "",
    protocol: "",
    kind: "detect",
    bind: "",
    captureNone: false,
    filter: new HostFilter(["*/*"], ownNamespace),
  };
}

function listenerOf(value: Value, ownNamespace: string): ListenerSettings {
  const port = value.at("port");
  const bind = value.at("bind").text();
  const protocol = port.at("protocol").text().toLowerCase();
  return {
    field: value.path,
    port: port.present ? port.at("number").number() : undefined,
    protocol,
    kind: portKind(protocol),
    bind,
    captureNone: value.at("captureMode").text() === "NONE" || bind.startsWith("unix://"),
    filter: new HostFilter(value.at("hosts").texts(), ownNamespace),
  };
}
