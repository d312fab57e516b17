import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { policiesIn, policiesOf } from "./refusal";

/** What lets pods of a namespace out past their sidecar, as far as NetworkPolicies go. */
export type Opening =
  /** No policy limits the egress of all of its pods. */
  | { kind: "unlimited" }
  /** This policy allows addresses outside. */
  | { kind: "open"; policy: MeshObject; field: string };

/** Undefined: no pod of the namespace, whatever its labels, may send to addresses outside. */
export function openingOf(mesh: Mesh, namespace: string): Opening | undefined {
  if (policiesOf(mesh, namespace, {}, "egress").length === 0) return { kind: "unlimited" };
  for (const policy of policiesIn(mesh, namespace)) {
    const field = policy.limits("egress") ? policy.opensOutside() : undefined;
    if (field !== undefined) return { kind: "open", policy: policy.object, field };
  }
  return undefined;
}
