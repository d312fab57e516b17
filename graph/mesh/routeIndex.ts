import { httpRules } from "./delegates";
import { HostIndex } from "./hostIndex";
import { fqdn } from "./hosts";
import type { HttpRule } from "./httpRule";
import type { MeshConfig } from "./meshConfig";
import { Undecided } from "./unknown";
import type { Value } from "./value";
import type { RouteObject } from "./virtualService";

/** VirtualServices and Gateway API routes by gateway ("mesh" or "namespace/name") and host, and by the hosts they send to. */
export class RouteIndex {
  private readonly byGateway = new Map<string, HostIndex<RouteObject>>();
  private readonly byDestination = new Map<string, RouteObject[]>();
  private readonly delegates = new Map<string, RouteObject>();
  /** Objects whose gateways or hosts are not known yet: they may bear on any question. */
  readonly undecided: { route: RouteObject; why: Undecided }[] = [];
  /** Mesh routes with destinationSubnets, which draw connections of other names to them. */
  readonly withSubnets: RouteObject[] = [];
  /** Mesh TLSRoutes by server name, which need not be under the hosts of their parent. */
  readonly apiServerNames = new HostIndex<RouteObject>();
  private readonly rules = new Map<RouteObject, HttpRule[]>();
  private readonly delegating: RouteObject[] = [];

  constructor(private readonly config: MeshConfig) {}

  add(route: RouteObject): void {
    try {
      const { hosts, gateways } = route;
      if (hosts.length === 0) {
        this.delegates.set(`${route.namespace}/${route.name}`, route);
        return;
      }
      for (const gateway of new Set(gateways)) this.addTo(gateway, hosts, route);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      this.undecided.push({ route, why: error });
    }
  }

  private addTo(gateway: string, hosts: string[], route: RouteObject): void {
    let index = this.byGateway.get(gateway);
    if (!index) {
      index = new HostIndex();
      this.byGateway.set(gateway, index);
    }
    for (const host of new Set(hosts)) index.add(host, route);
    if (gateway !== "mesh") return;
    this.addDestinations(route);
    if (hasSubnets(route)) this.withSubnets.push(route);
    if (route.gatewaySemantics) for (const name of serverNames(route)) this.apiServerNames.add(name, route);
  }

  private addDestinations(route: RouteObject): void {
    if (delegates(route)) this.delegating.push(route);
    for (const host of destinationHosts(route, this.config.clusterDomain)) this.addDestination(host, route);
  }

  private addDestination(host: string, route: RouteObject): void {
    const routes = this.byDestination.get(host);
    if (routes) routes.push(route);
    else this.byDestination.set(host, [route]);
  }

  /** Destinations of delegates count as those of their root; known once all objects are read. */
  private addDelegated(): void {
    if (this.delegating.length === 0) return;
    for (const route of this.delegating.splice(0)) {
      try {
        const own = destinationHosts(route, this.config.clusterDomain);
        const targets = this.http(route).flatMap((rule) => [
          ...rule.route,
          ...rule.mirrors.map(({ target }) => target),
        ]);
        for (const host of new Set(targets.map((target) => target.host)))
          if (!own.has(host)) this.addDestination(host, route);
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
      }
    }
  }

  /** Routes bound to the gateway, by host. */
  boundTo(gateway: string): HostIndex<RouteObject> {
    return this.byGateway.get(gateway) ?? EMPTY;
  }

  /** Mesh routes that name the host as destination or mirror. */
  sendingTo(host: string): RouteObject[] {
    this.addDelegated();
    return this.byDestination.get(host) ?? [];
  }

  delegate(namespace: string, name: string): RouteObject | undefined {
    return this.delegates.get(`${namespace}/${name}`);
  }

  /** Http rules with delegates merged in; worked out once. */
  http(route: RouteObject): HttpRule[] {
    let rules = this.rules.get(route);
    if (!rules) {
      rules = httpRules(route, this, this.config.clusterDomain);
      this.rules.set(route, rules);
    }
    return rules;
  }
}

function delegates({ object }: RouteObject): boolean {
  return JSON.stringify(object.spec.rawMap().http ?? "").includes('"delegate"');
}

function serverNames(route: RouteObject): Set<string> {
  return new Set(route.tls.flatMap((rule) => rule.matches.flatMap((match) => match.sniHosts)));
}

function hasSubnets({ object }: RouteObject): boolean {
  const raw = ["tls", "tcp"].map((kind) => JSON.stringify(object.spec.rawMap()[kind] ?? ""));
  return raw.some((text) => text.includes('"destinationSubnets"'));
}

const EMPTY: HostIndex<RouteObject> = new HostIndex();

/** Destination hosts, read leniently: an unknown one is met again, and said, when the route is taken. */
function destinationHosts(route: RouteObject, domain: string): Set<string> {
  const found = new Set<string>();
  const take = (target: Value, namespace: string): void => {
    try {
      const host = target.at("host").text();
      if (host !== "") found.add(fqdn(host, namespace, domain));
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  };
  try {
    for (const kind of ["http", "tls", "tcp"]) {
      for (const rule of route.object.spec.at(kind).list()) {
        for (const target of rule.at("route").list()) take(target.at("destination"), route.namespace);
        for (const mirror of rule.at("mirrors").list()) take(mirror.at("destination"), route.namespace);
        if (kind === "http" && rule.at("mirror").present) take(rule.at("mirror"), route.namespace);
      }
    }
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
  }
  return found;
}
