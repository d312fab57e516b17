import type { Mesh } from "../mesh/mesh";
import { openingOf } from "./opening";
import { podAdmission } from "./podAdmission";

/** What a hostile pod of a namespace could do because a guard is missing. */
export interface Hole {
  guard: "NetworkPolicy" | "ValidatingAdmissionPolicy";
  /** The object that leaves it open, "Kind namespace/name"; absent where there is none. */
  object?: string;
  field?: string;
  /** One sentence. */
  message: string;
}

/**
 * The holes that the guards of a namespace leave beside the sidecars, whose way a verdict follows. None is said of guards
 * that are there: whether the network plugin enforces NetworkPolicies, no object tells.
 */
export function holesOf(mesh: Mesh, namespace: string): Hole[] {
  return [...networkHoles(mesh, namespace), ...admissionHoles(mesh, namespace)];
}

function networkHoles(mesh: Mesh, namespace: string): Hole[] {
  const opening = openingOf(mesh, namespace);
  if (opening === undefined) return [];
  const what = "a process with the sidecar's user id 1337 (root may become that) can call any address directly";
  return opening.kind === "unlimited"
    ? [{ guard: "NetworkPolicy", message: `no NetworkPolicy limits the egress of all pods of ${namespace}: ${what}` }]
    : [
        {
          guard: "NetworkPolicy",
          object: opening.policy.id,
          field: opening.field,
          message: `it lets pods of ${namespace} out of the cluster: ${what}`,
        },
      ];
}

function admissionHoles(mesh: Mesh, namespace: string): Hole[] {
  const found = podAdmission(mesh, namespace);
  const guard = "ValidatingAdmissionPolicy";
  const what = "a pod on the host's network, which no NetworkPolicy holds, or one without a sidecar can be made there";
  switch (found.kind) {
    case "guarded":
      return [];
    case "warns":
      return [
        { guard, object: found.binding.id, field: "spec.validationActions", message: `it does not deny: ${what}` },
      ];
    case "changed":
      return [
        {
          guard,
          object: found.policy.id,
          field: "spec",
          message: `it is not as the component makes it: perhaps ${what}`,
        },
      ];
    case "not judged":
      return [
        {
          guard,
          object: found.policy.id,
          field: "spec.validations",
          message: `a policy of others, not judged: perhaps ${what}`,
        },
      ];
    case "none":
      return [{ guard, message: `no admission policy holds the pods of ${namespace}: ${what}` }];
  }
}
