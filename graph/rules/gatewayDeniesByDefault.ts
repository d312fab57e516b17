import { egressGateways } from "./egressGateways";
import { allowsInForce, podsOf, policiesOf } from "./gatewayPolicies";
import { decided, type Rule } from "./rule";

/**
 * Without any policy of action ALLOW everything passes (Istio docs, "Authorization Policy: implicit enablement"), so a
 * gateway whose policy is missing for a moment is open, unless one that allows nothing stands beside it.
 */
export const gatewayDeniesByDefault: Rule = {
  code: "gateway-denies-by-default",
  *check(context) {
    const told = new Set<string>();
    for (const gateway of egressGateways(context)) {
      if (!context.judged(gateway.object)) continue;
      yield* decided(gateway.object, function* () {
        const namespace = podsOf(context.mesh, gateway)[0]?.namespace ?? gateway.namespace;
        const denied = policiesOf(context.mesh, gateway).some(
          (policy) => allowsInForce(policy) && policy.spec.at("rules").list().length === 0,
        );
        if (denied || told.has(namespace)) return;
        told.add(namespace);
        yield {
          object: gateway.object,
          field: "",
          seen: `no AuthorizationPolicy without rules for its pods in namespace ${namespace}`,
          message: "while the policy that allows its callers is missing, no policy denies anybody",
          fix: `Add an AuthorizationPolicy ${namespace === context.mesh.config.rootNamespace ? "with the gateway's selector and no rules" : "with an empty spec"} to namespace ${namespace}`,
        };
      });
    }
  },
};
