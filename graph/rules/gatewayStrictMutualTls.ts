import type { MeshObject } from "../mesh/object";
import { egressGateways } from "./egressGateways";
import type { Complaint } from "./finding";
import { podsOf } from "./gatewayPolicies";
import { decided, type Rule, type RuleContext } from "./rule";

/**
 * A pod beside the gateways that takes plaintext is a way into their namespace without an identity (Istio API,
 * `PeerAuthentication`; default PERMISSIVE). The servers of a Gateway are the matter of `mutual-tls-to-gateway`.
 */
export const gatewayStrictMutualTls: Rule = {
  code: "gateway-namespace-strict-mutual-tls",
  *check(context) {
    const told = new Set<string>();
    for (const gateway of egressGateways(context)) {
      if (!context.judged(gateway.object)) continue;
      yield* decided(gateway.object, function* () {
        const namespace = podsOf(context.mesh, gateway)[0]?.namespace ?? gateway.namespace;
        if (told.has(namespace)) return;
        told.add(namespace);
        yield* complaints(context, gateway.object, namespace);
      });
    }
  },
};

function* complaints(context: RuleContext, gateway: MeshObject, namespace: string): Iterable<Complaint> {
  const policy = policyFor(context, namespace);
  const mode = policy?.spec.at("mtls").at("mode").text() ?? "";
  if (mode === "STRICT") return;
  yield {
    object: policy ?? gateway,
    field: policy ? "spec.mtls.mode" : "",
    seen: policy ? mode : `no PeerAuthentication of namespace ${namespace}, nor of the mesh`,
    message: "pods beside the egress gateways take plaintext, from callers without an identity",
    fix: policy
      ? "Set it to STRICT"
      : `Add a PeerAuthentication with mtls.mode STRICT and without selector to namespace ${namespace}`,
  };
}

/** That of the namespace, else of the root namespace: those without selector that set a mode. */
function policyFor({ mesh }: RuleContext, namespace: string): MeshObject | undefined {
  const found = mesh.objects("PeerAuthentication").filter((policy) => {
    const mode = policy.spec.at("mtls").at("mode").text();
    return !policy.spec.at("selector").present && mode !== "" && mode !== "UNSET";
  });
  return (
    found.find((policy) => policy.namespace === namespace) ??
    found.find((policy) => policy.namespace === mesh.config.rootNamespace)
  );
}
