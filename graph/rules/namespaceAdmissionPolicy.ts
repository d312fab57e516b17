import type { MeshObject } from "../mesh/object";
import { type PodAdmission, podAdmission } from "../network/podAdmission";
import { controlledNamespaces } from "./controlledNamespaces";
import type { Complaint } from "./finding";
import { decided, type Rule } from "./rule";

/** NetworkPolicies do not hold pods on the host's network, and nothing else keeps a pod from asking for it. */
export const namespaceAdmissionPolicy: Rule = {
  code: "namespace-guarded-by-admission-policy",
  *check(context) {
    for (const [namespace, object] of context.shared(controlledNamespaces)) {
      if (!context.judged(object)) continue;
      yield* decided(object, () => complaints(object, namespace, podAdmission(context.mesh, namespace)));
    }
  },
};

const HOLE =
  "pods on the host's network, privileged ones and those that opt out of injection or capture may be made there, and go past sidecars and, on the host's network, past NetworkPolicies";

function complaints(object: MeshObject, namespace: string, found: PodAdmission): Complaint[] {
  const message = `no admission policy holds the pods of namespace ${namespace}: ${HOLE}`;
  const say = (of: MeshObject, field: string, seen: string, fix: string) => [{ object: of, field, seen, message, fix }];
  switch (found.kind) {
    case "guarded":
      return [];
    case "warns":
      return say(
        found.binding,
        "spec.validationActions",
        "it does not deny, or leaves some pods out",
        "Set guards.admission to Enforce, and take other limits from the binding",
      );
    case "changed":
      return say(
        found.policy,
        "spec",
        "it is not as the component makes it",
        "Let the component make it again (pulumi up --refresh)",
      );
    case "not judged":
      return say(
        found.policy,
        "spec.validations",
        "a policy of others, not judged",
        "If it refuses all of these, exempt it with a reason; else turn on guards.admission",
      );
    case "none":
      return say(object, "", "no ValidatingAdmissionPolicy that denies", "Turn on guards.admission of the component");
  }
}
