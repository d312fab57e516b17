/**
 * Stage "network-policy": may the packets pass? Kubernetes' NetworkPolicies, which a network plugin must enforce; whether one does, no
 * object says. Istio has no part in it.
 */
import { isAddress } from "../mesh/addresses";
import type { PeerEnd, PodEnd } from "../network/ends";
import { refusal } from "../network/refusal";
import type { Place, PodGroup } from "./endpoints";
import type { Outcome, Workload } from "./types";
import type { Walk } from "./walk";

/** The pod that calls; on the host's network no policy holds for it. */
export function callingPod(walk: Walk): PodEnd | undefined {
  const { workload } = walk.call;
  return workload.hostNetwork ? undefined : podOf(workload);
}

export function podOf({ namespace, labels, name, ip }: Workload): PodEnd {
  return { kind: "pods", namespace, labels, who: name ?? `the pods of namespace ${namespace}`, address: ip };
}

/** How the walk ends where a NetworkPolicy forbids the connection; undefined: none does. */
export function stoppedByNetwork(
  walk: Walk,
  from: PodEnd | undefined,
  place: Place,
  seen: string,
): Outcome | undefined {
  if (from === undefined || place.kind === "self" || place.kind === "end") return undefined;
  const to = endOf(place);
  const refused = refusal(walk.mesh, from, to, place.port);
  if (!refused) return undefined;
  const { policy, direction, pods } = refused;
  const target = to.kind === "pods" ? `${to.who} port ${place.port}` : `${describe(place)}:${place.port}`;
  const field = `spec.${direction}`;
  const what = direction === "egress" ? `go to ${target}` : `be called at port ${place.port} by ${from.who}`;
  walk.hop(
    "network-policy",
    `no NetworkPolicy lets ${pods.who} ${what}, if the network plugin enforces them`,
    policy,
    field,
  );
  return walk.blocked(
    seen,
    `no NetworkPolicy of ${pods.namespace} lets ${pods.who} ${what}: add it to ${policy.id} ${field}, or to a policy beside it`,
  );
}

function endOf(place: Place & { kind: "pods" | "outside" }): PeerEnd {
  if (place.kind === "pods") return groupEnd(place.pods);
  const address = place.endpoint?.address ?? place.host;
  return { kind: "outside", address: isAddress(address) && !address.startsWith("vip:") ? address : undefined };
}

function groupEnd({ namespace, name, labels, pods }: PodGroup): PodEnd {
  return {
    kind: "pods",
    namespace,
    labels,
    who: `${namespace}/${name}`,
    address: pods?.addresses[0],
    named: (port) => pods?.containerPort(port),
  };
}

function describe(place: Place & { kind: "pods" | "outside" }): string {
  return place.kind === "outside" ? place.host : place.pods.name;
}
