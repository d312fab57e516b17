/**
 * Stage "gateway-route": VirtualServices bound to a Gateway, and the rules of theirs that answer.
 * Istio API `VirtualService.gateways`, `exportTo`; `model/push_context.go: VirtualServicesForGateway`,
 * `core/gateway.go: buildGatewayHTTPRouteConfig, buildGatewayNetworkFiltersFromTCPRoutes`.
 */
import { seenFrom } from "../mesh/exportTo";
import { hostsFor, type Server, sniHosts } from "../mesh/gateway";
import { bySpecificity, intersect, overlaps, subsetOf } from "../mesh/hosts";
import type { L4Match, L4Rule, RouteObject } from "../mesh/virtualService";
import type { GatewayProxy } from "./gatewayProxy";
import { catchesAll, inRouteOrder, type RouteEntry, routeEntries, unique } from "./routes";
import type { Outcome } from "./types";
import { hostOf } from "./virtualHost";
import type { Walk } from "./walk";

/** Routes bound to the gateway and seen by its pods' namespace, with a host that covers the name, in order. */
export function boundRoutes(walk: Walk, gateway: GatewayProxy, key: string, name: string): RouteObject[] {
  throwUndecided(walk, gateway, key);
  const index = walk.mesh.routes.boundTo(key);
  const routes = unique(index.covering(name).flatMap((host) => index.at(host)));
  return inRouteOrder(
    walk,
    routes.filter((route) => seenFrom(route.exports, gateway.group.namespace)),
    gateway.group.namespace,
  );
}

/** A VirtualService whose hosts or gateways are not known yet may be bound here. */
function throwUndecided(walk: Walk, gateway: GatewayProxy, _key: string): void {
  for (const { route, why } of walk.mesh.routes.undecided)
    if (seenFrom(route.exports, gateway.group.namespace)) throw why;
}

/** At a gateway only port and gateways of an L4 match count (`core/gateway.go: l4SingleMatch`). */
export function l4Applies(match: L4Match, server: Server): boolean {
  if (match.port && match.port !== server.port) return false;
  return match.gateways.length === 0 || match.gateways.includes(server.gateway.key);
}

/** The first route (in order) with a host that overlaps the server's, and a tcp rule that fits. */
export function tcpRoute(
  walk: Walk,
  gateway: GatewayProxy,
  server: Server,
): { route: RouteObject; rule: L4Rule } | undefined {
  const index = walk.mesh.routes.boundTo(server.gateway.key);
  const routes = new Set<RouteObject>();
  for (const host of sniHosts(server)) {
    for (const name of index.overlapping(host))
      for (const route of index.at(name)) if (hasTcpRoute(gateway, server, route)) routes.add(route);
  }
  const route = inRouteOrder(walk, [...routes], gateway.group.namespace)[0];
  const rule = route && ruleFor(route, server);
  return route && rule && { route, rule };
}

function hasTcpRoute(gateway: GatewayProxy, server: Server, route: RouteObject): boolean {
  return (
    seenFrom(route.exports, gateway.group.namespace) &&
    ruleFor(route, server) !== undefined &&
    hostsFor(server, route.namespace).some((host) => route.hosts.some((h) => overlaps(h, host)))
  );
}

/** Whether some tls rule makes a chain of a passthrough server. */
export function hasTlsRoute(walk: Walk, gateway: GatewayProxy, server: Server): boolean {
  const index = walk.mesh.routes.boundTo(server.gateway.key);
  const names = server.hosts.flatMap((host) => index.overlapping(host.slice(host.indexOf("/") + 1)));
  return names
    .flatMap((name) => index.at(name))
    .some(
      (route) =>
        seenFrom(route.exports, gateway.group.namespace) &&
        route.tls.some((rule) => rule.matches.some((match) => l4Applies(match, server))),
    );
}

/** A TLSRoute's tls rules also serve terminating servers. */
function ruleFor(route: RouteObject, server: Server): L4Rule | undefined {
  const fits = (rule: L4Rule): boolean =>
    rule.matches.length === 0 || rule.matches.some((match) => l4Applies(match, server));
  const tcp = route.tcp.find((rule) => rule.route.length > 0 && fits(rule));
  return tcp ?? (route.tlsRoute ? route.tls.find(fits) : undefined);
}

/** Entries for a Host at HTTP servers that share a table; an outcome where nothing answers. */
export function gatewayEntries(
  walk: Walk,
  gateway: GatewayProxy,
  table: Server[],
  authority: string,
): RouteEntry[] | Outcome {
  const host = hostOf(authority);
  const found: { domain: string; entries: RouteEntry[] }[] = [];
  const hidden: RouteObject[] = [];
  for (const server of table) {
    for (const route of boundRoutes(walk, gateway, server.gateway.key, host)) {
      const entries = routeEntries(walk, route, asker(gateway, server));
      if (entries.length === 0) hidden.push(route);
      for (const domain of domains(server, route, host)) if (entries.length > 0) found.push({ domain, entries });
    }
    if (server.httpsRedirect && hostsFor(server, server.gateway.namespace).some((h) => subsetOf(host, h.toLowerCase())))
      return redirected(walk, server);
  }
  const domain = found.map((f) => f.domain).sort(bySpecificity)[0];
  if (domain === undefined) return nobody(walk, gateway, table, host, hidden);
  const entries = unique(found.filter((f) => f.domain === domain).flatMap((f) => f.entries));
  return [...entries.filter((entry) => !catchesAll(entry)), ...entries.filter(catchesAll)];
}

function asker(gateway: GatewayProxy, server: Server): Parameters<typeof routeEntries>[2] {
  return {
    labels: gateway.group.labels,
    namespace: gateway.group.namespace,
    gateway: server.gateway.key,
    port: server.port,
  };
}

/** Names under which the route answers on the server, and that cover the Host. */
function domains(server: Server, route: RouteObject, host: string): string[] {
  const names = intersect(hostsFor(server, route.namespace), route.hosts).map((name) => name.toLowerCase());
  return unique(names).filter((name) => subsetOf(host, name));
}

function redirected(walk: Walk, server: Server): Outcome {
  walk.hop(
    "gateway-route",
    "the server redirects plaintext to HTTPS",
    server.gateway.object,
    `${server.field}.tls.httpsRedirect`,
  );
  return walk.end(
    "blocked",
    `${server.gateway.object.id} ${server.field}.tls.httpsRedirect answers the call; nothing leaves`,
    { how: "answered", seen: "HTTP 301" },
  );
}

function nobody(walk: Walk, gateway: GatewayProxy, table: Server[], host: string, hidden: RouteObject[]): Outcome {
  const server = table[0] as Server;
  walk.hop("gateway-route", `no route for Host ${host}`, server.gateway.object, `${server.field}.hosts`);
  return walk.blocked(
    "HTTP 404",
    `${server.gateway.object.id} ${server.field} has no route for Host ${host} at ${gateway.name}: ${whyNobody(walk, gateway, server, host, hidden)}`,
  );
}

function whyNobody(walk: Walk, gateway: GatewayProxy, server: Server, host: string, hidden: RouteObject[]): string {
  const { key } = server.gateway;
  if (hidden[0])
    return `the rules of ${hidden[0].object.id} do not apply at this gateway (check spec.http[].match port, gateways and sourceLabels)`;
  const index = walk.mesh.routes.boundTo(key);
  const route = index.covering(host).flatMap((name) => index.at(name))[0];
  if (route && !seenFrom(route.exports, gateway.group.namespace))
    return `${route.object.id} is not exported to namespace ${gateway.group.namespace} (spec.exportTo)`;
  if (route) return `${route.object.id} and the server have no host in common (spec.hosts, ${server.field}.hosts)`;
  return `no VirtualService bound to ${key} has the host: create one, or add ${key} to spec.gateways`;
}
