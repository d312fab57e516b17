/**
 * Stage "gateway-listener": which server of the gateway takes the connection, and whether its TLS handshake succeeds.
 * Istio API `Gateway.servers[].tls`; `core/gateway.go: buildGatewayTCPBasedFilterChains, buildGatewayNetworkFiltersFromTLSRoutes`.
 */
import { hostsFor, type Server } from "../mesh/gateway";
import { overlaps, subsetOf } from "../mesh/hosts";
import type { RouteObject } from "../mesh/virtualService";
import { unreachable } from "./endpoints";
import type { GatewayProxy, Wire } from "./gatewayProxy";
import { boundRoutes, hasTlsRoute, l4Applies, tcpRoute } from "./gatewayRoutes";
import { type PortServers, serversAt } from "./gatewayServers";
import { type Chosen, handshake, type Taken } from "./handshake";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

export function gatewayListener(
  walk: Walk,
  gateway: GatewayProxy,
  port: number,
  loopback: boolean,
  wire: Wire,
): Taken | Outcome {
  const here = serversHere(walk, gateway, port, loopback);
  if (!here.any) return nothingListens(walk, gateway, port);
  const chosen = choose(walk, gateway, here, wire);
  if (!chosen) return noChain(walk, gateway, here, port, wire);
  return handshake(walk, gateway, chosen, wire);
}

/** A server bound to the dialled address comes before those for every address. */
function serversHere(walk: Walk, gateway: GatewayProxy, port: number, loopback: boolean): PortServers {
  for (const bind of loopback ? ["127.0.0.1"] : (gateway.group.pods?.addresses ?? [])) {
    const bound = serversAt(walk, gateway, port, bind);
    if (bound.any && makesChains(walk, gateway, bound)) return bound;
  }
  return serversAt(walk, gateway, port, "");
}

/** A listener whose servers have no route at all is not made (`MutableGatewayListener.build`). */
function makesChains(walk: Walk, gateway: GatewayProxy, { plain, terminating, passing }: PortServers): boolean {
  const servers = [...new Set([...terminating.names()].flatMap((name) => terminating.at(name)))];
  const decoded = plain[0]?.kind === "http" || servers.some((server) => server.protocol === "https");
  if (decoded || [...servers, ...plain].some((server) => tcpRoute(walk, gateway, server))) return true;
  const passed = [...new Set([...passing.names()].flatMap((name) => passing.at(name)))];
  return passed.some((server) => hasTlsRoute(walk, gateway, server));
}

function nothingListens(walk: Walk, gateway: GatewayProxy, port: number): Outcome {
  walk.hop("gateway-listener", `no Gateway server listens on port ${port}`, gateway.group.pods?.object);
  return walk.blocked(
    unreachable(walk),
    `no Gateway that selects the pods of ${gateway.name} has a server on port ${port} (container port): add a server, or route to the port of one`,
  );
}

/** By server name: exact, longest wildcard, then chains for any name, then the plaintext server. */
function choose(walk: Walk, gateway: GatewayProxy, servers: PortServers, wire: Wire): Chosen | undefined {
  const sni = wire.tls[0]?.sni.toLowerCase();
  const named: { name: string; chosen: Chosen }[] = [];
  if (sni !== undefined && sni !== "")
    named.push(...terminatingBy(walk, gateway, servers, sni), ...passingBy(walk, gateway, servers, sni));
  const any = terminatingAt(walk, gateway, servers, "*").map((chosen) => ({ name: "*", chosen }));
  const all = [
    ...named.filter(({ name }) => name !== "*"),
    ...(named.some(({ name }) => name === "*") ? named.filter(({ name }) => name === "*") : any),
  ];
  const best = all.sort((a, b) => rank(b.name, sni) - rank(a.name, sni));
  const top = best[0];
  if (!top) return plainServer(walk, gateway, servers);
  const equal = best.filter(({ name }) => rank(name, sni) === rank(top.name, sni));
  if (equal.length > 1 && new Set(equal.map((e) => e.chosen.l4?.rule ?? e.chosen.server)).size > 1) {
    throw walk.refused(
      "gateway-listener",
      top.chosen.server.gateway.object,
      `Envoy refuses a listener with two chains for SNI ${top.name} on one port`,
    );
  }
  return top.chosen;
}

function rank(name: string, sni: string | undefined): number {
  return name === sni ? Number.MAX_SAFE_INTEGER : name.length;
}

function terminatingBy(
  walk: Walk,
  gateway: GatewayProxy,
  servers: PortServers,
  sni: string,
): { name: string; chosen: Chosen }[] {
  const found: { name: string; chosen: Chosen }[] = [];
  for (const name of servers.terminating.covering(sni))
    for (const chosen of terminatingAt(walk, gateway, servers, name)) found.push({ name, chosen });
  return found;
}

/** HTTPS servers decode HTTP; TLS servers have a chain only with a tcp route. */
function terminatingAt(walk: Walk, gateway: GatewayProxy, servers: PortServers, name: string): Chosen[] {
  const found: Chosen[] = [];
  for (const server of servers.terminating.at(name)) {
    const http = server.protocol === "https";
    const l4 = http ? undefined : tcpRoute(walk, gateway, server);
    if (http || l4) found.push({ server, table: http ? [server] : [], http, l4 });
  }
  return found;
}

/** One chain for each tls match of a route; it takes the match's names, whatever the server's hosts. */
function passingBy(
  walk: Walk,
  gateway: GatewayProxy,
  servers: PortServers,
  sni: string,
): { name: string; chosen: Chosen }[] {
  const found: { name: string; chosen: Chosen }[] = [];
  const taken = new Set<string>();
  for (const key of servers.passingKeys) {
    for (const route of boundRoutes(walk, gateway, key, sni)) {
      for (const server of passingServers(servers, key, route)) {
        for (const rule of route.tls) {
          for (const match of rule.matches) {
            const name = match.sniHosts.find((host) => subsetOf(sni, host.toLowerCase()));
            if (name === undefined || rule.route.length === 0 || !l4Applies(match, server)) continue;
            if (match.sniHosts.some((host) => taken.has(host))) continue;
            for (const host of match.sniHosts) taken.add(host);
            found.push({ name: name.toLowerCase(), chosen: { server, table: [], http: false, l4: { route, rule } } });
          }
        }
      }
    }
  }
  return found;
}

function passingServers(servers: PortServers, key: string, route: RouteObject): Server[] {
  const found = new Set<Server>();
  for (const host of route.hosts) {
    for (const name of servers.passing.overlapping(host)) {
      for (const server of servers.passing.at(name)) {
        if (
          server.mode === "PASSTHROUGH" &&
          server.gateway.key === key &&
          hostsFor(server, route.namespace).some((h) => overlaps(h, host))
        )
          found.add(server);
      }
    }
  }
  return [...found];
}

function plainServer(walk: Walk, gateway: GatewayProxy, servers: PortServers): Chosen | undefined {
  const server = servers.plain[0];
  if (!server) return undefined;
  if (server.kind === "http") return { server, table: servers.plain, http: true };
  const l4 = tcpRoute(walk, gateway, server);
  return l4 ? { server, table: [], http: false, l4 } : undefined;
}

function noChain(walk: Walk, gateway: GatewayProxy, servers: PortServers, port: number, wire: Wire): Outcome {
  const sni = wire.tls[0]?.sni;
  const what = sni === undefined ? "plaintext" : sni === "" ? "TLS without SNI" : `SNI ${sni}`;
  const near = nearest(servers, sni ?? "");
  walk.hop(
    "gateway-listener",
    `no server on port ${port} accepts ${what}`,
    near?.gateway.object,
    near && `${near.field}.hosts`,
  );
  return walk.blocked(
    walk.failed,
    `${gateway.name} port ${port}: no Gateway server accepts ${what}${hint(walk, gateway, servers, near, sni)}`,
  );
}

function nearest(servers: PortServers, sni: string): Server | undefined {
  const terminating = servers.terminating.covering(sni)[0] ?? [...servers.terminating.names()][0];
  const passing = [...servers.passing.names()][0];
  return servers.terminating.at(terminating ?? "")[0] ?? servers.passing.at(passing ?? "")[0] ?? servers.plain[0];
}

function hint(
  _walk: Walk,
  _gateway: GatewayProxy,
  servers: PortServers,
  near: Server | undefined,
  sni: string | undefined,
): string {
  if (sni === undefined) return ": set trafficPolicy.tls.mode ISTIO_MUTUAL in a DestinationRule that the client finds";
  const dropped = servers.dropped.find(({ server }) =>
    server.hosts.some((host) => subsetOf(sni, host.slice(host.indexOf("/") + 1))),
  );
  if (dropped)
    return `: ${dropped.server.gateway.object.id} ${dropped.server.field} is dropped in favour of ${dropped.by.gateway.object.id} ${dropped.by.field}`;
  const covering = servers.terminating
    .covering(sni)
    .flatMap((name) => servers.terminating.at(name))
    .find((server) => server.protocol !== "https");
  if (covering)
    return `: ${covering.gateway.object.id} ${covering.field} has no route; add a tcp rule to a VirtualService bound to ${covering.gateway.key}`;
  return near
    ? `: add it to ${near.gateway.object.id} ${near.field}.hosts, or set tls.sni of the client's DestinationRule to one of them`
    : "";
}
