/**
 * Calls that nothing names: black hole, passthrough, an egress proxy, or a name resolved on the fly.
 * Istio API `Sidecar.outboundTrafficPolicy`, MeshConfig `outboundTrafficPolicy`;
 * `core/listener_builder.go: buildOutboundCatchAllNetworkFilterChains`, `core/httproute.go: buildCatchAllVirtualHost`.
 */

import type { Cluster } from "./cluster";
import { findCluster, sidecarServices } from "./cluster";
import { toAddress, toName } from "./endpoints";
import type { Arrival } from "./exit";
import { looksLikeHttp } from "./filterChain";
import type { Wire } from "./gatewayProxy";
import { callingPod, stoppedByNetwork } from "./network";
import type { SidecarScope } from "./sidecarScope";
import type { Outcome } from "./types";
import { authorityOf, hostOf } from "./virtualHost";
import type { Walk } from "./walk";

/** "connection": no listener or chain; "request": no virtual host on a port that has one. */
export type Unnamed = "virtual-outbound" | "default-chain" | "catch-all";

export function unnamed(
  walk: Walk,
  scope: SidecarScope,
  where: Unnamed,
  address: string | undefined,
  wire: Wire,
): Outcome | Arrival | Cluster {
  throwUndecided(walk);
  const object = scope.sidecar?.object;
  const field = scope.sidecar?.outboundMode === undefined ? undefined : "spec.outboundTrafficPolicy.mode";
  if (scope.mode === "REGISTRY_ONLY") {
    const seen = where === "catch-all" ? "HTTP 502" : walk.closed;
    const what = named(walk);
    const missing = `nothing that ${workload(walk)} may see names ${what}: add a ServiceEntry for it (and import it in the Sidecar's egress hosts)`;
    walk.hop(
      where === "catch-all" ? "virtual-host" : "filter-chain",
      "REGISTRY_ONLY: the call ends here",
      object,
      field,
    );
    return walk.blocked(seen, missing);
  }
  const proxy = scope.sidecar?.egressProxy;
  if (proxy?.present) return egressProxy(walk, scope);
  const dynamic = scope.mode === "ALLOW_ANY_DYNAMIC_DNS" && where !== "default-chain" && looksLikeHttp(walk);
  return pass(walk, dynamic ? undefined : address, dynamic, wire);
}

/** ServiceEntries whose hosts or ports are not known yet might have named it. */
function throwUndecided(walk: Walk): void {
  const { services } = walk.mesh;
  if (services.hostsUndecided[0]) throw services.hostsUndecided[0];
  if (services.undecided[0]) throw services.undecided[0].why;
}

function named(walk: Walk): string {
  const { call } = walk;
  const name =
    call.protocol === "http" ? hostOf(authorityOf(walk)) : (call.sni ?? call.host ?? call.address ?? "the address");
  return `${name} on port ${call.port}${call.protocol === "tls" ? " (TLS)" : ""}`;
}

function workload(walk: Walk): string {
  const { namespace, name } = walk.call.workload;
  return name === undefined ? `the workload in namespace ${namespace}` : `${namespace}/${name}`;
}

function egressProxy(walk: Walk, scope: SidecarScope): Outcome | Cluster {
  const { sidecar } = scope;
  const proxy = sidecar?.egressProxy;
  const object = sidecar?.object as NonNullable<typeof sidecar>["object"];
  const host = proxy?.at("host").text() ?? "";
  const target = {
    host,
    subset: proxy?.at("subset").text() ?? "",
    field: "spec.outboundTrafficPolicy.egressProxy",
    object,
  };
  walk.hop("filter-chain", `sent to the egressProxy ${host}`, object, target.field);
  return findCluster(walk, sidecarServices(walk, scope), target, proxy?.at("port").at("number").number() ?? 0, false);
}

/** To the dialled address; if that is one of the mesh, the connection stays there. */
function pass(walk: Walk, address: string | undefined, dynamic: boolean, wire: Wire): Outcome | Arrival {
  const { call } = walk;
  const place = dynamic
    ? toName(walk, hostOf(wire.request.authority), call.port)
    : address === undefined
      ? undefined
      : toAddress(walk, address, call.port);
  if (place?.kind === "end") return place.outcome;
  const host = call.host ?? call.address ?? hostOf(authorityOf(walk));
  const stopped = stoppedByNetwork(
    walk,
    callingPod(walk),
    place ?? { kind: "outside", host, port: call.port },
    walk.failed,
  );
  if (stopped) return stopped;
  if (place && place.kind !== "outside") return { place, wire };
  const destination = `${host}:${call.port}`;
  const why = dynamic
    ? "ALLOW_ANY_DYNAMIC_DNS: sent to the name in the Host header"
    : "the outbound policy lets unknown destinations pass";
  walk.hop("exit", `${why}: leaves the mesh from the sidecar to ${destination}`);
  const missing = `no object names ${named(walk)}, and the outbound policy is not REGISTRY_ONLY: set outboundTrafficPolicy.mode REGISTRY_ONLY in the Sidecar or the mesh`;
  return walk.end("direct", `leaves the mesh without a gateway: ${why}`, { how: "passthrough", destination, missing });
}
