/** A connection at a gateway, from its listener to the next proxy or the end. */
import { seenFrom } from "../mesh/exportTo";
import type { Scoped } from "../mesh/service";
import { whole } from "../mesh/service";
import { Undecided } from "../mesh/unknown";
import type { Destination, L4Rule, RouteObject } from "../mesh/virtualService";
import { authorization } from "./authorization";
import { concrete, type FindService, findCluster, gatewayServices } from "./cluster";
import { forwardAt, refusePatched } from "./envoyFilter";
import { type Arrival, leave, type Sender } from "./exit";
import { gatewayListener } from "./gatewayListener";
import { type GatewayProxy, gatewayProxy, principal, type Wire } from "./gatewayProxy";
import { gatewayEntries } from "./gatewayRoutes";
import type { Taken } from "./handshake";
import { refuseForGateway } from "./invalid";
import { liveAddress } from "./liveAddress";
import type { Facts } from "./policyRules";
import { describe, route, weighted } from "./route";
import { indexed } from "./scope";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

export function fromGateway(walk: Walk, arrival: Arrival, visited: Set<string>): Arrival | Outcome {
  const { place, wire } = arrival;
  const gateway =
    place.kind === "self" ? (walk.gateway as GatewayProxy) : gatewayProxy(walk, place.pods, place.service);
  walk.gateway = gateway;
  walk.at = `gateway ${gateway.name}`;
  if (place.kind === "pods") walk.gateways.push(gateway.name);
  const { request, tls } = wire;
  const state = [
    gateway.name,
    place.port,
    place.kind,
    request.authority,
    request.path,
    wire.sender,
    wire.sourceIp,
    ...tls.map((t) => `${t.kind}/${t.sni}`),
  ].join(" ");
  if (visited.has(state) || visited.size >= MOST_HOPS) return loop(walk, gateway);
  visited.add(state);
  refuseForGateway(walk, gateway);
  refusePatched(walk, "gateway-listener", gateway.group.namespace, gateway.group.labels);
  return through(walk, gateway, place.port, place.kind === "self", wire);
}

/** Rewrites and added TLS sessions can make every round of a loop look new. */
const MOST_HOPS = 12;

function loop(walk: Walk, gateway: GatewayProxy): Outcome {
  walk.hop("gateway-route", "the call comes back to where it was: a loop");
  const seen = walk.failed;
  return walk.blocked(
    seen,
    `the routes of ${gateway.name} send the call in a circle: let one of them end at the destination itself`,
  );
}

function through(walk: Walk, gateway: GatewayProxy, port: number, loopback: boolean, wire: Wire): Arrival | Outcome {
  const taken = gatewayListener(walk, gateway, port, loopback, wire);
  if ("verdict" in taken) return taken;
  if (taken.http) walk.decoded = true;
  const refused = authorization(walk, gateway, factsOf(walk, taken, port, loopback));
  if (refused) return refused;
  return taken.http ? requests(walk, gateway, taken) : connections(walk, gateway, taken, port);
}

function factsOf(walk: Walk, taken: Taken, port: number, loopback: boolean): Facts {
  const { request } = taken.wire;
  const { trustDomain, trustDomainAliases } = walk.mesh.config;
  return {
    http: taken.http,
    identity: taken.identity,
    trustDomains: [trustDomain, "cluster.local", ...trustDomainAliases],
    host: request.authority,
    path: request.path,
    method: request.method,
    headers: request.headers,
    sni: taken.sni,
    port,
    sourceIp: loopback ? "127.0.0.1" : taken.wire.sourceIp,
  };
}

function requests(walk: Walk, gateway: GatewayProxy, taken: Taken): Arrival | Outcome {
  const entries = gatewayEntries(walk, gateway, taken.table, taken.wire.request.authority);
  if (!Array.isArray(entries)) return entries;
  const routed = route(walk, entries, taken.wire.request, "gateway-route");
  if ("verdict" in routed) return routed;
  const owner = routed.entry.route;
  const find = gatewayServices(walk, gateway.group.namespace);
  const target = concrete(find, routed.target);
  const ports = byNamespaceOf(walk, owner, gateway, find)(target.host)?.ports;
  const number = portFor(target, ports, taken);
  return onward(
    walk,
    gateway,
    find,
    target,
    number,
    { ...taken.wire, request: routed.request },
    true,
    owner.gatewaySemantics,
  );
}

/** Ports are looked up in the route's own namespace first. */
function byNamespaceOf(walk: Walk, owner: RouteObject, gateway: GatewayProxy, find: FindService): FindService {
  return (host) => {
    const own = indexed(walk, host, owner.namespace);
    return own && seenFrom(own.exports, gateway.group.namespace) ? whole(own) : find(host);
  };
}

function portFor(target: Destination, ports: Scoped["ports"] | undefined, taken: Taken): number {
  return target.port ?? (ports?.length === 1 ? ports[0]?.number : undefined) ?? taken.server.port;
}

function connections(walk: Walk, gateway: GatewayProxy, taken: Taken, port: number): Arrival | Outcome {
  const { rule } = taken.l4 as NonNullable<Taken["l4"]>;
  if (readsSni(taken, rule)) walk.innerSniRead = true;
  const find = gatewayServices(walk, gateway.group.namespace);
  const targets = weighted(rule.route);
  const target = concrete(find, walk.choices.pick(targets.length > 0 ? targets : rule.route));
  walk.hop("gateway-route", `rule sends to ${describe(target)}`, target.object, target.field);
  if (target.host === "")
    return walk.blocked(walk.closed, `${target.object.id}: the backend of ${target.field} does not exist`);
  const number = portFor(target, find(target.host)?.ports, taken);
  const forward = taken.server.mode === "PASSTHROUGH" ? forwardAt(walk, gateway.group, port) : undefined;
  return onward(walk, gateway, find, target, number, taken.wire, false, false, forward);
}

/** A passthrough chain takes the SNI of the application's own TLS, where no mesh TLS is around it. */
function readsSni({ server, wire }: Taken, rule: L4Rule): boolean {
  return (
    server.mode === "PASSTHROUGH" &&
    wire.tls[0]?.kind === "application" &&
    rule.matches.every(({ sniHosts }) => sniHosts.length > 0 && !sniHosts.includes("*"))
  );
}

function onward(
  walk: Walk,
  gateway: GatewayProxy,
  find: FindService,
  target: Destination,
  number: number,
  wire: Wire,
  http: boolean,
  apiRoute: boolean,
  forward?: Sender["forward"],
): Arrival | Outcome {
  const cluster = findCluster(walk, find, target, number, apiRoute);
  if ("verdict" in cluster) return cluster;
  const { namespace, labels, serviceAccount } = gateway.group;
  const identity = serviceAccount === undefined ? "" : principal(walk, namespace, serviceAccount);
  const next = leave(
    walk,
    { client: { namespace, labels }, identity, atGateway: true, apiRoute, byRule: true, http, forward },
    cluster,
    { ...wire, sourceIp: liveAddress(walk, gateway.group) },
  );
  const needsIdentity = !("verdict" in next) && next.wire.tls[0]?.kind === "mesh" && identity === "";
  if (needsIdentity) throw new Undecided(`pods of ${gateway.name}`, "spec.serviceAccountName");
  return next;
}
