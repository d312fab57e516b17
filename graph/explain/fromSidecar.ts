/** A captured call, from the sidecar's listener to the next proxy or the end. */
import { authorization } from "./authorization";
import type { Chain } from "./chains";
import { sniOf } from "./chains";
import { type Cluster, concrete, findCluster, sidecarServices } from "./cluster";
import { type Arrival, leave, type Sender } from "./exit";
import { filterChain, looksLikeHttp } from "./filterChain";
import { principal, type Wire } from "./gatewayProxy";
import { findListener } from "./listener";
import { podOf } from "./network";
import { type Unnamed, unnamed } from "./passthrough";
import { firstWire } from "./request";
import { describe, route, weighted } from "./route";
import type { ListenerScope } from "./scope";
import type { SidecarScope } from "./sidecarScope";
import type { Outcome } from "./types";
import { sniffedHost, virtualHost } from "./virtualHost";
import type { Walk } from "./walk";

const VIRTUAL_OUTBOUND = 15001;

export function fromSidecar(walk: Walk, scope: SidecarScope, address: string | undefined): Arrival | Outcome {
  const wire = firstWire(walk);
  const nobody = (where: Unnamed): Arrival | Outcome =>
    onward(walk, address, wire, unnamed(walk, scope, where, address, wire));
  if (walk.call.port === VIRTUAL_OUTBOUND)
    return walk.blocked(walk.closed, `port ${VIRTUAL_OUTBOUND} is the sidecar's own`);
  const listener = findListener(walk, scope, address);
  if (!listener) return nobody("virtual-outbound");
  const chain = filterChain(walk, listener, address);
  if (!chain) return nobody("default-chain");
  if (chain.kind === "l4") return proxied(walk, scope, address, chain, wire);
  if (!looksLikeHttp(walk)) return walk.blocked(walk.closed, "the listener decodes HTTP, but gets other bytes");
  return decoded(walk, scope, address, chain, wire) ?? nobody("catch-all");
}

interface Via {
  http?: boolean;
  byRule?: boolean;
  apiRoute?: boolean;
}

function sender(
  walk: Walk,
  address: string | undefined,
  { http = false, byRule = false, apiRoute = false }: Via,
): Sender {
  const { namespace, labels, serviceAccount = "default" } = walk.call.workload;
  return {
    client: { namespace, labels },
    who: podOf(walk.call.workload).who,
    identity: principal(walk, namespace, serviceAccount),
    atGateway: false,
    apiRoute,
    byRule,
    http,
    dialled: address,
  };
}

/** HTTP: virtual host, route, cluster. Undefined: no virtual host. */
function decoded(
  walk: Walk,
  scope: SidecarScope,
  address: string | undefined,
  chain: Chain,
  wire: Wire,
): Arrival | Outcome | undefined {
  walk.decoded = true;
  const host = chain.sniffed
    ? sniffedHost(walk, chain.scope, chain.scoped)
    : virtualHost(walk, routesOf(scope, walk.call.port) ?? chain.scope, wire.request.authority);
  if (!host) return undefined;
  const find = sidecarServices(walk, scope);
  if (host.entries.length === 0) {
    const { service } = host.service as NonNullable<typeof host.service>;
    const target = {
      host: service.host,
      port: walk.call.port,
      subset: "",
      field: "spec.ports",
      object: service.object,
    };
    return onward(walk, address, wire, findCluster(walk, find, target, walk.call.port, false), { http: true });
  }
  const routed = route(walk, host.entries, wire.request, "route");
  if ("verdict" in routed) return routed;
  const api = routed.entry.route.gatewaySemantics;
  const target = concrete(find, routed.target);
  const cluster = findCluster(walk, find, target, target.port ?? walk.call.port, api);
  return onward(walk, address, { ...wire, request: routed.request }, cluster, {
    http: true,
    byRule: true,
    apiRoute: api,
  });
}

/** Routes come from the first egress listener of the port, whichever built the chain (`model/sidecar.go: GetEgressListenerForRDS`). */
function routesOf(scope: SidecarScope, port: number): ListenerScope | undefined {
  return scope.listeners.find(({ settings }) => settings.port === undefined || settings.port === port);
}

/** TCP and TLS: the chain's own destinations. */
function proxied(
  walk: Walk,
  scope: SidecarScope,
  address: string | undefined,
  chain: Chain,
  wire: Wire,
): Arrival | Outcome {
  const refused = chain.rule ? undefined : ownPolicies(walk, chain, wire);
  if (refused) return refused;
  const find = sidecarServices(walk, scope);
  const targets = weighted(chain.targets);
  const target = concrete(find, walk.choices.pick(targets.length > 0 ? targets : chain.targets));
  if (chain.rule) walk.hop("route", `rule sends to ${describe(target)}`, target.object, target.field);
  if (target.host === "")
    return walk.blocked(walk.closed, `${target.object.id}: the backend of ${target.field} does not exist`);
  const ports = find(target.host)?.ports;
  const number = target.port ?? (ports?.length === 1 ? ports[0]?.number : undefined) ?? chain.port.number;
  return onward(walk, address, wire, findCluster(walk, find, target, number, false), {
    byRule: chain.rule !== undefined,
  });
}

/** The one place where policies act on a sidecar's outbound side: TLS to a DYNAMIC_DNS wildcard (`core/networkfilter.go`). */
function ownPolicies(walk: Walk, chain: Chain, _wire: Wire): Outcome | undefined {
  const { service } = chain.scoped;
  if (service.resolution !== "DYNAMIC_DNS" || chain.port.kind !== "tls") return undefined;
  const { namespace, labels, name = "" } = walk.call.workload;
  const group = { namespace, name, labels, isGateway: false };
  const facts = {
    http: false,
    trustDomains: [],
    host: "",
    path: "",
    method: "",
    headers: {},
    sni: sniOf(walk),
    port: walk.call.port,
  };
  return authorization(
    walk,
    { group, name: `${namespace}/${name}`, services: [], known: { servers: new Map() } },
    facts,
  );
}

function onward(
  walk: Walk,
  address: string | undefined,
  wire: Wire,
  next: Outcome | Arrival | Cluster,
  via: Via = {},
): Arrival | Outcome {
  if ("verdict" in next || "place" in next) return next;
  return leave(walk, sender(walk, address, via), next, wire);
}
