import type { MeshObject } from "../mesh/object";
import { type Opening, openingOf } from "../network/opening";
import { controlledNamespaces } from "./controlledNamespaces";
import type { Complaint } from "./finding";
import { decided, type Rule } from "./rule";

/**
 * A sidecar holds those who want to be held: a process with its user id, on the host's network or without a sidecar goes
 * past it, and only the network stops it (Istio docs, "Security Best Practices": traffic capture limitations).
 */
export const namespaceNetworkPolicy: Rule = {
  code: "namespace-guarded-by-network-policy",
  *check(context) {
    for (const [namespace, object] of context.shared(controlledNamespaces)) {
      if (!context.judged(object)) continue;
      yield* decided(object, () => {
        const opening = openingOf(context.mesh, namespace);
        return opening === undefined ? [] : [complaint(object, namespace, opening)];
      });
    }
  },
};

function complaint(object: MeshObject, namespace: string, opening: Opening): Complaint {
  const hole = "a process with the sidecar's user id 1337, or a pod without a sidecar, calls any address directly";
  return opening.kind === "unlimited"
    ? {
        object,
        field: "",
        seen: "no NetworkPolicy limits the egress of all pods",
        message: `nothing but its sidecars holds namespace ${namespace}: ${hole}`,
        fix: "Add a NetworkPolicy with an empty podSelector and policyTypes [Egress] that allows DNS, istiod and the mesh only",
      }
    : {
        object: opening.policy,
        field: opening.field,
        seen: "addresses outside the cluster",
        message: `it opens what the sidecars of namespace ${namespace} hold: ${hole}`,
        fix: "Allow pods of the mesh only (namespaceSelector, podSelector); egress gateways go outside",
      };
}
