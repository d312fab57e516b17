/**
 * The servers of a gateway on one container port, after Istio's merging of Gateways.
 * Istio API `Gateway.servers`; `model/gateway.go: mergeGateways, resolvePorts, CheckDuplicates`.
 */
import { type GatewayObject, type Server, sniHosts, terminates } from "../mesh/gateway";
import { HostIndex } from "../mesh/hostIndex";
import { containerPorts, type GatewayProxy } from "./gatewayProxy";
import type { Walk } from "./walk";

/** What listens on a port (and bind address) of a gateway. */
export interface PortServers {
  /** Plaintext servers: HTTP ones share one table; a TCP one stands alone. */
  plain: Server[];
  /** Terminating servers by their SNI names. */
  terminating: HostIndex<Server>;
  /** Passthrough servers by their hosts. */
  passing: HostIndex<Server>;
  passingKeys: Set<string>;
  /** Servers that Istio drops, with the one that was there before. */
  dropped: { server: Server; by: Server }[];
  any: boolean;
}

export function serversAt(walk: Walk, gateway: GatewayProxy, port: number, bind: string): PortServers {
  const key = `${port}@${bind}`;
  const known = gateway.known.servers.get(key);
  if (known) return known;
  const before = walk.choices.taken.length;
  const merged = merge(ordered(walk, candidates(walk, gateway, port, bind)));
  if (walk.choices.taken.length === before) gateway.known.servers.set(key, merged);
  return merged;
}

function candidates(walk: Walk, gateway: GatewayProxy, port: number, bind: string): Server[] {
  const hosts = gateway.services.map((service) => service.host);
  return walk.mesh.gateways
    .configuring(gateway.group.labels, hosts)
    .flatMap((object) =>
      object.servers.filter(
        (server) =>
          bindOf(server) === bind && containerPorts(walk, gateway, server.port, object.services).includes(port),
      ),
    );
}

/** "" for every address. */
function bindOf(server: Server): string {
  return ["0.0.0.0", "::"].includes(server.bind) ? "" : server.bind;
}

/** Gateways by age, name, namespace. Where ages are unknown, only Gateways that could drop each other's servers are put in order. */
function ordered(walk: Walk, servers: Server[]): Server[] {
  const gateways = [...new Set(servers.map((server) => server.gateway))];
  const rivals = gateways.length > 1 ? rivalsAmong(servers) : new Set<GatewayObject>();
  const sorted = walk.ages.order([...rivals], (g) => ({ object: g.object, sortName: g.object.name }));
  const rest = gateways.filter((gateway) => !rivals.has(gateway));
  return [...sorted, ...rest].flatMap((gateway) => servers.filter((server) => server.gateway === gateway));
}

function rivalsAmong(servers: Server[]): Set<GatewayObject> {
  const tls = servers.filter(isTls);
  if (tls.length !== servers.length && (tls.length > 0 || servers.some((server) => server.kind !== "http"))) {
    return new Set(servers.map((server) => server.gateway));
  }
  const owners = new Map<string, Set<GatewayObject>>();
  for (const server of servers.filter((s) => s.hasTls)) {
    for (const host of server.hosts) owners.set(host, (owners.get(host) ?? new Set()).add(server.gateway));
  }
  return new Set([...owners.values()].filter((set) => set.size > 1).flatMap((set) => [...set]));
}

/** A TLS block on an HTTP port does not make it TLS. */
function isTls(server: Server): boolean {
  return server.hasTls && server.kind !== "http";
}

function merge(servers: Server[]): PortServers {
  const merged: PortServers = {
    plain: [],
    terminating: new HostIndex(),
    passing: new HostIndex(),
    passingKeys: new Set(),
    dropped: [],
    any: false,
  };
  const hosts = new Map<string, Server>();
  const routeNames = new Map<string, Server>();
  for (const server of servers) {
    const before = rival(server, merged, hosts, routeNames);
    if (before) merged.dropped.push({ server, by: before });
    else keep(server, merged, hosts, routeNames);
  }
  return merged;
}

/** The server because of which this one is dropped. */
function rival(
  server: Server,
  merged: PortServers,
  hosts: Map<string, Server>,
  routeNames: Map<string, Server>,
): Server | undefined {
  if (server.hasTls) {
    const taken = server.hosts.find((host) => hosts.has(host));
    if (taken !== undefined) return hosts.get(taken);
  }
  const plain = merged.plain[0];
  if (plain) return server.kind === "http" && plain.kind === "http" ? undefined : plain;
  return isHttps(server) ? routeNames.get(routeName(server)) : undefined;
}

function keep(server: Server, merged: PortServers, hosts: Map<string, Server>, routeNames: Map<string, Server>): void {
  merged.any = true;
  if (server.hasTls) for (const host of server.hosts) hosts.set(host, server);
  if (!isTls(server)) merged.plain.push(server);
  else if (terminates(server)) for (const host of sniHosts(server)) merged.terminating.add(host, server);
  else {
    for (const host of sniHosts(server)) merged.passing.add(host, server);
    merged.passingKeys.add(server.gateway.key);
  }
  if (isHttps(server)) routeNames.set(routeName(server), server);
}

function isHttps(server: Server): boolean {
  return server.protocol === "https" && terminates(server);
}

function routeName(server: Server): string {
  return `${server.port}.${server.portName}.${server.gateway.key}`;
}
