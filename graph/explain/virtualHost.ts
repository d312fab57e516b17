/**
 * Stage "virtual-host": whose routes a sidecar uses for the Host header.
 * Istio `core/httproute.go: BuildSidecarOutboundVirtualHosts, generateVirtualHostDomains`,
 * `route/route.go: buildSidecarVirtualHostsForVirtualService, separateVSHostsAndServices`; Istio API `VirtualService.hosts`.
 */
import { isAddress } from "../mesh/addresses";
import { bySpecificity, isWildcard, overlaps } from "../mesh/hosts";
import { portOf, type Scoped } from "../mesh/service";
import type { RouteObject } from "../mesh/virtualService";
import { type Asker, importedRoutes, inRouteOrder, type RouteEntry, routeEntries } from "./routes";
import type { ListenerScope } from "./scope";
import type { Walk } from "./walk";

/** The routes that answer for a Host; no entries: the service's default route. */
export interface VirtualHost {
  domain: string;
  service?: Scoped;
  entries: RouteEntry[];
}

/** Host header as routing sees it: without port, lower case. */
export function hostOf(authority: string): string {
  const bare = authority.replace(/:\d+$/, "").toLowerCase();
  return bare.startsWith("[") ? bare.slice(1, -1) : bare;
}

export function authorityOf(walk: Walk): string {
  const { authority, host, address, port } = walk.call;
  if (authority !== undefined) return authority;
  const name = host ?? address ?? "";
  return port === 80 ? name : `${name}:${port}`;
}

/** Undefined: the catch-all of the port. */
export function virtualHost(walk: Walk, scope: ListenerScope, authority: string): VirtualHost | undefined {
  const host = hostOf(authority);
  const found = exactHost(walk, scope, host) ?? wildcardHost(walk, scope, host);
  say(walk, host, found);
  return found;
}

/** HTTP on a listener of one service: that service's routes, whatever the Host. */
export function sniffedHost(walk: Walk, scope: ListenerScope, scoped: Scoped): VirtualHost {
  const found = ofService(walk, scope, scoped);
  say(walk, "*", found);
  return found;
}

function say(walk: Walk, host: string, found: VirtualHost | undefined): void {
  const { port } = walk.call;
  if (!found) walk.hop("virtual-host", `nothing on port ${port} answers for Host ${host}: the catch-all takes it`);
  else if (found.entries[0]) {
    const { object } = found.entries[0].route;
    walk.hop(
      "virtual-host",
      `Host ${host} on port ${port} follows this VirtualService (host ${found.domain})`,
      object,
      "spec.hosts",
    );
  } else if (found.service) {
    walk.hop(
      "virtual-host",
      `Host ${host} on port ${port}: no VirtualService applies, default route of the service`,
      found.service.service.object,
      "spec.hosts",
    );
  }
}

function exactHost(walk: Walk, scope: ListenerScope, host: string): VirtualHost | undefined {
  const registered = isRegistered(walk, scope, host);
  const service = registered && httpService(walk, scope, host);
  if (service) return ofService(walk, scope, service);
  return (registered ? undefined : ofRoutesAlone(walk, scope, host)) ?? byOtherName(walk, scope, host);
}

/** Services of this name on the port, of any protocol (`servicesByName`). */
function isRegistered(walk: Walk, scope: ListenerScope, host: string): boolean {
  return scope.host(host).some((scoped) => portOf(scoped, walk.call.port));
}

/** The last of same-named services gives port and address. */
function httpService(walk: Walk, scope: ListenerScope, host: string): Scoped | undefined {
  const scoped = scope
    .host(host)
    .filter((s) => portOf(s, walk.call.port) && s.service.aliasOf === undefined)
    .at(-1);
  const kind = scoped && portOf(scoped, walk.call.port)?.kind;
  return kind === "http" || kind === "detect" ? scoped : undefined;
}

/** Trailing dot, short forms of Kubernetes names, addresses, ExternalName aliases. */
function byOtherName(walk: Walk, scope: ListenerScope, host: string): VirtualHost | undefined {
  for (const name of otherNames(walk, scope, host)) {
    const service = httpService(walk, scope, name);
    if (service) return ofService(walk, scope, service);
  }
  return undefined;
}

function otherNames(walk: Walk, scope: ListenerScope, host: string): string[] {
  const { services, config } = walk.mesh;
  if (isAddress(host)) return [...scope.withAddress(host, walk.call.port)].map(({ service }) => service.host);
  const names: string[] = [...services.aliasTargets(host)];
  if (host.endsWith(".")) names.push(host.slice(0, -1));
  const labels = host.split(".");
  const suffix = config.clusterDomain;
  if (labels.length === 1) names.push(`${host}.${scope.namespace}.svc.${suffix}`);
  if (labels.length === 2) names.push(`${host}.svc.${suffix}`);
  if (labels.length === 3 && labels[2] === "svc") names.push(`${host}.${suffix}`);
  return names;
}

/** The VirtualService that owns a service's host on this port, else its default route. */
function ofService(walk: Walk, scope: ListenerScope, scoped: Scoped): VirtualHost {
  const { host } = scoped.service;
  for (const route of owners(walk, scope, host)) {
    const entries = routeEntries(walk, route, asker(walk));
    if (entries.length > 0 && mayRoute(walk, route, scoped)) return { domain: host, service: scoped, entries };
  }
  return { domain: host, service: scoped, entries: [] };
}

/** Those with the exact host, in order; only without any, the most specific wildcard (`computeWildcardHostVirtualServiceIndex`). */
function owners(walk: Walk, scope: ListenerScope, host: string): RouteObject[] {
  const bound = walk.mesh.routes.boundTo("mesh");
  throwUndecided(walk, scope);
  for (const name of bound.covering(host)) {
    const routes = importedRoutes(walk, scope, bound.at(name));
    if (routes.length === 0) continue;
    const ordered = inRouteOrder(walk, routes, scope.namespace);
    if (name === host && !isWildcard(host)) return ordered;
    // Gateway API routes with a wildcard host never own a service (`separateVSHostsAndServices`).
    return ordered.slice(0, 1).filter((route) => !route.gatewaySemantics);
  }
  return [];
}

/** A VirtualService whose hosts or gateways are not known yet may be anyone's. */
function throwUndecided(walk: Walk, scope: ListenerScope): void {
  for (const { route, why } of walk.mesh.routes.undecided) {
    if (route.exports === "everybody" || (route.exports !== "nobody" && route.exports.has(scope.namespace))) throw why;
  }
}

/** A Gateway API route acts on clients of its own namespace, or for services of its own namespace. */
function mayRoute(walk: Walk, route: RouteObject, scoped: Scoped): boolean {
  if (!route.gatewaySemantics) return true;
  return scoped.service.namespace === route.namespace || walk.call.workload.namespace === route.namespace;
}

export function asker(walk: Walk): Asker {
  const { labels, namespace } = walk.call.workload;
  return { labels, namespace, gateway: "mesh", port: walk.call.port };
}

/**
 * A VirtualService host that is no service: on port 80 it answers anyway, on other ports only beside a service of the same
 * VirtualService.
 */
function ofRoutesAlone(walk: Walk, scope: ListenerScope, host: string): VirtualHost | undefined {
  const bound = walk.mesh.routes.boundTo("mesh");
  const routes = inRouteOrder(walk, importedRoutes(walk, scope, bound.at(host)), scope.namespace);
  for (const route of routes) {
    const entries =
      route.gatewaySemantics || !standsAlone(walk, scope, route) ? [] : routeEntries(walk, route, asker(walk));
    if (entries.length > 0) return { domain: host, entries };
  }
  return undefined;
}

function standsAlone(walk: Walk, scope: ListenerScope, route: RouteObject): boolean {
  return walk.call.port === 80 || route.hosts.some((host) => servesHttp(walk, scope, route, host));
}

function servesHttp(walk: Walk, scope: ListenerScope, route: RouteObject, host: string): boolean {
  if (!isWildcard(host)) return httpService(walk, scope, host) !== undefined;
  return walk.mesh.services.byHost
    .overlapping(host)
    .some((name) => httpService(walk, scope, name) !== undefined && owners(walk, scope, name).includes(route));
}

function wildcardHost(walk: Walk, scope: ListenerScope, host: string): VirtualHost | undefined {
  const { services, routes } = walk.mesh;
  const names = new Set(
    [...services.byHost.covering(host), ...routes.boundTo("mesh").covering(host)].filter(isWildcard),
  );
  for (const name of [...names].sort(bySpecificity)) {
    const service = httpService(walk, scope, name);
    if (service) return ofService(walk, scope, service);
    const alone = coversService(walk, scope, name) ? undefined : ofRoutesAlone(walk, scope, name);
    if (alone) return alone;
  }
  return undefined;
}

/** A wildcard host of a VirtualService that overlaps some service of the port has no virtual host of its own. */
function coversService(walk: Walk, scope: ListenerScope, wildcard: string): boolean {
  return walk.mesh.services.byHost
    .overlapping(wildcard)
    .some((name) => overlaps(name, wildcard) && isRegistered(walk, scope, name));
}
