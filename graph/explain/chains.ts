/**
 * Filter chains that one service contributes to a sidecar's outbound listener.
 * Istio `core/tls.go: buildSidecarOutboundTLSFilterChainOpts, buildSidecarOutboundTCPFilterChainOpts`;
 * Istio API `VirtualService.tls[]`, `tcp[]`, `TLSMatchAttributes`, `L4MatchAttributes`.
 */
import { isCidr } from "../mesh/addresses";
import { isWildcard, overlaps, subsetOf } from "../mesh/hosts";
import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { Port } from "../mesh/protocol";
import type { Scoped } from "../mesh/service";
import type { Destination, L4Match, L4Rule, RouteObject } from "../mesh/virtualService";
import { importedRoutes, inRouteOrder } from "./routes";
import type { ListenerScope } from "./scope";
import type { Walk } from "./walk";

export interface Chain {
  /** "http": decoded, by the table of the port (or of one sniffed service); "l4": proxied as it is. */
  kind: "http" | "l4";
  /** Server names; empty: any. */
  sni: string[];
  /** Destination ranges; empty: any. */
  cidrs: string[];
  /** HTTP chains on a bound address take every byte; others only plaintext HTTP/1.1 and h2c. */
  anyBytes?: boolean;
  scope: ListenerScope;
  /** The service whose port made the chain. */
  scoped: Scoped;
  port: Port;
  /** HTTP on a listener of one service: its routes, whatever the Host. */
  sniffed?: boolean;
  targets: Destination[];
  /** Made by a VirtualService rule, or by the service itself. */
  rule?: { route: RouteObject; field: string };
}

export interface ChainRequest {
  scope: ListenerScope;
  scoped: Scoped;
  /** The listener's port: declared by the Sidecar, or the service's. */
  port: Port;
  /** Address of the listener; "0.0.0.0" for the shared one. */
  bind: string;
  /** Ranges of the service, if its address is one. */
  cidrs: string[];
}

export const SHARED = "0.0.0.0";

export function l4Chains(walk: Walk, request: ChainRequest): Chain[] {
  const { scope, scoped } = request;
  const routes = importedRoutes(walk, scope, routesFor(walk, scoped.service.host));
  return request.port.kind === "tls" ? tlsChains(walk, request, routes) : tcpChains(walk, request, routes);
}

function routesFor(walk: Walk, host: string): RouteObject[] {
  const bound = walk.mesh.routes.boundTo("mesh");
  const found: RouteObject[] = [];
  for (const name of bound.overlapping(host)) if (overlaps(name, host)) found.push(...bound.at(name));
  return found;
}

interface Applicable {
  route: RouteObject;
  rule: L4Rule;
  match: L4Match;
}

function tlsChains(walk: Walk, request: ChainRequest, routes: RouteObject[]): Chain[] {
  const matchesOf = (route: RouteObject): Applicable[] =>
    route.tls
      .filter((rule) => rule.route.length > 0)
      .flatMap((rule) => rule.matches.map((match) => ({ route, rule, match })))
      .filter(({ match }) => applies(walk, request.port.number, match, route.object));
  const applicable = routes.filter((route) => matchesOf(route).length > 0);
  if (applicable.length === 0) return [defaultTls(request)];
  const sticky = applicable.some((route) => matchesOf(route).some(({ match }) => match.destinationSubnets.length > 0));
  // A chain with a range shadows others even where its server name does not fit (Envoy `FilterChainMatch`).
  const relevant =
    sticky || request.cidrs.length > 0
      ? applicable
      : applicable.filter((route) => matchesOf(route).some(({ match }) => acceptsCall(walk, match)));
  const chains: Chain[] = [];
  const handled = new Set<string>();
  let { cidrs } = request;
  for (const found of inRouteOrder(walk, relevant, request.scope.namespace).flatMap(matchesOf)) {
    const { match } = found;
    if (match.destinationSubnets.length > 0) cidrs = match.destinationSubnets;
    const key = `${match.sniHosts.join()}|${match.destinationSubnets.join()}`;
    if (!handled.has(key)) chains.push(ruleChain(request, found.route, found.rule, match.sniHosts, cidrs));
    handled.add(key);
  }
  return chains;
}

function acceptsCall(walk: Walk, match: L4Match): boolean {
  const sni = sniOf(walk);
  return sni !== "" && match.sniHosts.some((host) => subsetOf(sni, host));
}

/** The server name that the application sends; "" for none. */
export function sniOf(walk: Walk): string {
  return walk.call.protocol === "tls" ? (walk.call.sni ?? walk.call.host ?? "").toLowerCase() : "";
}

/** No tls match applies: the service itself, by its name where the listener is shared, else by nothing. */
function defaultTls(request: ChainRequest): Chain {
  const { scoped, cidrs, bind } = request;
  const { service } = scoped;
  const named =
    cidrs.length > 0 ||
    (bind === SHARED && scoped.addresses.filter((a) => !isCidr(a)).length === 0) ||
    (isWildcard(service.host) && service.resolution === "DYNAMIC_DNS");
  return serviceChain(request, named ? [service.host, ...aliasNames(request)] : []);
}

function aliasNames({ scope, scoped }: ChainRequest): string[] {
  return scope.aliasesOf(scoped.service.host);
}

function serviceChain(request: ChainRequest, sni: string[]): Chain {
  const { scoped, port } = request;
  const only = scoped.ports.length === 1 ? scoped.ports[0]?.number : undefined;
  const target: Destination = {
    host: scoped.service.host,
    port: only ?? port.number,
    subset: "",
    field: "spec.ports",
    object: scoped.service.object,
  };
  return { ...base(request), sni, cidrs: request.cidrs, targets: [target] };
}

function ruleChain(request: ChainRequest, route: RouteObject, rule: L4Rule, sni: string[], cidrs: string[]): Chain {
  return { ...base(request), sni, cidrs, targets: rule.route, rule: { route, field: rule.field } };
}

function base(request: ChainRequest): Pick<Chain, "kind" | "scope" | "scoped" | "port"> {
  return { kind: "l4", scope: request.scope, scoped: request.scoped, port: request.port };
}

/** Rules in order, up to the first that takes every destination; those with subnets make chains of their own. */
function tcpChains(walk: Walk, request: ChainRequest, routes: RouteObject[]): Chain[] {
  const chains: Chain[] = [];
  const withTcp = routes.filter((route) => route.tcp.length > 0);
  for (const route of inRouteOrder(walk, withTcp, request.scope.namespace)) {
    for (const rule of route.tcp) {
      if (rule.route.length === 0) continue;
      const matches = rule.matches.filter((match) => applies(walk, request.port.number, match, route.object));
      const open = rule.matches.length === 0 || matches.some((match) => match.destinationSubnets.length === 0);
      if (open) return [...chains, ruleChain(request, route, rule, [], request.cidrs)];
      const subnets = matches.flatMap((match) => match.destinationSubnets);
      if (subnets.length > 0) chains.push(ruleChain(request, route, rule, [], subnets));
    }
  }
  const own = [...request.cidrs].sort().join();
  const covered = chains.some((chain) => [...chain.cidrs].sort().join() === own);
  return covered ? chains : [...chains, serviceChain(request, [])];
}

/** gateways AND sourceLabels AND port AND sourceNamespace (`core/tls.go: matchTLS, matchTCP`). */
function applies(walk: Walk, port: number, match: L4Match, object: MeshObject): boolean {
  const { labels, namespace } = walk.call.workload;
  if (match.gateways.length > 0 && !match.gateways.includes("mesh")) return false;
  if (match.port && match.port !== port) return false;
  if (match.sourceNamespace !== "" && match.sourceNamespace !== namespace) return false;
  return fits(match.sourceLabels, labels, { object: object.id, field: `${match.field}.sourceLabels` });
}
