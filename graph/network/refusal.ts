import { SelectorIndex } from "../mesh/labelIndex";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { once } from "../mesh/once";
import { known } from "../mesh/unknown";
import type { PeerEnd, PodEnd } from "./ends";
import { type Direction, NetworkPolicy } from "./networkPolicy";

/** Why the network lets a connection not pass: the policy that is nearest to allowing it. */
export interface Refusal {
  policy: MeshObject;
  direction: Direction;
  /** The pods that the policy selects. */
  pods: PodEnd;
}

/**
 * Undefined: no NetworkPolicy forbids the connection. Both sides must allow it, each by any of the policies that select
 * its pods; pods that none selects are open (Kubernetes docs, "Network Policies": the two sorts of pod isolation).
 */
export function refusal(mesh: Mesh, from: PeerEnd, to: PeerEnd, port: number): Refusal | undefined {
  if (!mesh.has("NetworkPolicy")) return undefined;
  return (
    (from.kind === "pods" ? oneSide(mesh, "egress", from, to, to, port) : undefined) ??
    (to.kind === "pods" ? oneSide(mesh, "ingress", to, from, to, port) : undefined)
  );
}

/** The policies that limit a direction for pods of a namespace. */
export function policiesOf(
  mesh: Mesh,
  namespace: string,
  labels: Record<string, unknown>,
  direction: Direction,
): NetworkPolicy[] {
  const own = indexOf(mesh).get(namespace);
  return own === undefined ? [] : selecting(own, labels).filter((policy) => policy.limits(direction));
}

/** The same pods are asked about again and again, by the same labels. */
function selecting({ bySelector, byLabels }: Policies, labels: Record<string, unknown>): NetworkPolicy[] {
  const known = byLabels.get(labels);
  if (known) return known;
  const found = bySelector.candidates(labels).filter((policy) => policy.selects(labels));
  byLabels.set(labels, found);
  return found;
}

/** All policies of a namespace. */
export function policiesIn(mesh: Mesh, namespace: string): readonly NetworkPolicy[] {
  return indexOf(mesh).get(namespace)?.all ?? [];
}

function oneSide(
  mesh: Mesh,
  direction: Direction,
  pods: PodEnd,
  other: PeerEnd,
  to: PeerEnd,
  port: number,
): Refusal | undefined {
  const policies = policiesOf(mesh, pods.namespace, pods.labels, direction);
  if (policies.length === 0) return undefined;
  const namespaceLabels = (namespace: string) => mesh.namespaceLabels(namespace);
  if (policies.some((policy) => policy.admits(direction, other, to, port, namespaceLabels) !== undefined))
    return undefined;
  const nearest = policies.find(({ matchLabels }) => Object.keys(matchLabels).length > 0) ?? policies[0];
  return nearest && { policy: nearest.object, direction, pods };
}

/** The policies of a namespace. */
interface Policies {
  all: NetworkPolicy[];
  bySelector: SelectorIndex<NetworkPolicy>;
  byLabels: WeakMap<Record<string, unknown>, NetworkPolicy[]>;
}

const indexOf = once((mesh: Mesh): Map<string, Policies> => {
  const index = new Map<string, Policies>();
  for (const object of mesh.objects("NetworkPolicy")) {
    if (!isKubernetes(object)) continue;
    const policy = new NetworkPolicy(object);
    const own = index.get(object.namespace) ?? noPolicies();
    own.all.push(policy);
    own.bySelector.add(labelsOf(policy), policy);
    index.set(object.namespace, own);
  }
  return index;
});

function noPolicies(): Policies {
  return { all: [], bySelector: new SelectorIndex<NetworkPolicy>(), byLabels: new WeakMap() };
}

function labelsOf(policy: NetworkPolicy): Record<string, unknown> | undefined {
  return known(() => policy.matchLabels);
}

/** Other engines have kinds of the same name. */
function isKubernetes({ group }: MeshObject): boolean {
  return group === "networking.k8s.io";
}
