import { seenFrom } from "../mesh/exportTo";
import type { HttpMatch, HttpRule } from "../mesh/httpRule";
import { fits } from "../mesh/labels";
import type { RouteObject } from "../mesh/virtualService";
import type { ListenerScope } from "./scope";
import type { Walk } from "./walk";

/**
 * VirtualServices that a proxy uses, and their order (Istio API `VirtualService.exportTo`, `gateways`;
 * `model/virtualservice.go: SelectVirtualServices`, `model/push_context.go: VirtualServicesForGateway`).
 */
export function importedRoutes(_walk: Walk, scope: ListenerScope, routes: RouteObject[]): RouteObject[] {
  return unique(routes).filter((route) => imports(scope, route));
}

export function imports(scope: ListenerScope, route: RouteObject): boolean {
  return (
    seenFrom(route.exports, scope.namespace) &&
    scope.settings.filter.importsRoute(route.namespace, route.hosts, route.gatewaySemantics)
  );
}

/** Private ones of the own namespace, those exported to it by name, public ones; in each, own Gateway API routes first, then by age. */
export function inRouteOrder(walk: Walk, routes: RouteObject[], namespace: string): RouteObject[] {
  if (routes.length < 2) return routes;
  const ranks = [...new Set(routes.map((route) => rank(route, namespace)))].sort((a, b) => a - b);
  return ranks.flatMap((r) =>
    walk.ages.order(
      routes.filter((route) => rank(route, namespace) === r),
      (route) => ({ object: route.object, sortName: route.name }),
    ),
  );
}

function rank(route: RouteObject, namespace: string): number {
  const own = route.namespace === namespace;
  const visibility = route.exports === "everybody" ? 2 : own ? 0 : 1;
  return visibility * 2 + (route.gatewaySemantics && own ? 0 : 1);
}

export function unique<T>(items: T[]): T[] {
  return items.length < 2 ? items : [...new Set(items)];
}

/** Who a route's conditions are held against. */
export interface Asker {
  labels: Record<string, unknown>;
  namespace: string;
  /** "mesh", or the Gateway's "namespace/name". */
  gateway: string;
  /** Listener port in a sidecar; server port as written in a gateway. */
  port: number;
}

/**
 * The part of a match that istiod settles for the proxy. Where `gateways` is set, it alone counts: sourceLabels and sourceNamespace of
 * that match are ignored (`route/route.go: sourceMatchHTTP`).
 */
export function appliesTo(match: HttpMatch, asker: Asker, rule: HttpRule): boolean {
  if (match.port && match.port !== asker.port) return false;
  if (match.gateways.length > 0) return match.gateways.includes(asker.gateway);
  const place = { object: rule.at.of.id, field: `${match.field}.sourceLabels` };
  if (!fits(match.sourceLabels, asker.labels, place)) return false;
  return match.sourceNamespace === "" || match.sourceNamespace === asker.namespace;
}

/** One entry of a proxy's route list: a match of a rule, or a rule without matches. */
export interface RouteEntry {
  route: RouteObject;
  rule: HttpRule;
  match?: HttpMatch;
}

/** Routes of one VirtualService for one proxy and port, up to the first that catches all (`BuildHTTPRoutesForVirtualService`). */
export function routeEntries(walk: Walk, route: RouteObject, asker: Asker): RouteEntry[] {
  const entries: RouteEntry[] = [];
  for (const rule of walk.mesh.routes.http(route)) {
    if (rule.matches.length === 0) return [...entries, { route, rule }];
    for (const match of rule.matches) {
      if (!appliesTo(match, asker, rule)) continue;
      entries.push({ route, rule, match });
      if (catchesAll({ route, rule, match })) return entries;
    }
  }
  return entries;
}

export function catchesAll({ match }: RouteEntry): boolean {
  if (!match) return true;
  const { uri, method, authority, scheme, headers, withoutHeaders, queryParams } = match;
  if (method || authority || scheme || headers.length + withoutHeaders.length + queryParams.length > 0) return false;
  if (!uri || uri.type === "present") return true;
  return (
    ((uri.type === "prefix" || uri.type === "segments") && uri.value === "/") ||
    (uri.type === "regex" && uri.value === ".*")
  );
}
