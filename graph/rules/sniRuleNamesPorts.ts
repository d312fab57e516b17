import type { GatewayObject } from "../mesh/gateway";
import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";
import { egressGateways } from "./egressGateways";
import type { Complaint } from "./finding";
import { allowsInForce, complaintsOfPolicies } from "./gatewayPolicies";
import type { Rule } from "./rule";

/**
 * A rule that tells connections apart by `connection.sni` fits requests too: the caller chooses the SNI of its mutual
 * TLS and, inside, the Host. Only `ports` keep it off the ports where the gateway sees requests (Istio API,
 * `Condition.key`, `Operation.ports`).
 */
export const sniRuleNamesPorts: Rule = {
  code: "sni-rule-names-ports",
  check(context) {
    const gateways = egressGateways(context).filter(seesRequests);
    return complaintsOfPolicies(context, gateways, allowsInForce, complaints);
  },
};

function seesRequests({ servers }: GatewayObject): boolean {
  return servers.some(
    ({ protocol, kind, mode }) => kind === "http" || (protocol === "https" && mode !== "PASSTHROUGH"),
  );
}

function* complaints(policy: MeshObject, gateway: GatewayObject): Iterable<Complaint> {
  for (const rule of policy.spec.at("rules").list()) {
    if (!rule.at("when").list().some(asksForSni)) continue;
    const operations = rule
      .at("to")
      .list()
      .map((to) => to.at("operation"));
    if (operations.length === 0) yield open(gateway, policy, rule, "no to");
    // Hosts make a rule one of requests alone, and hold it to them.
    for (const operation of operations)
      if (["ports", "hosts"].every((key) => operation.at(key).list().length === 0))
        yield open(gateway, policy, operation, "no ports");
  }
}

function asksForSni(condition: Value): boolean {
  return condition.at("key").text() === "connection.sni" && condition.at("values").list().length > 0;
}

function open(gateway: GatewayObject, policy: MeshObject, { path }: Value, seen: string): Complaint {
  return {
    object: policy,
    field: path,
    seen,
    message: `whoever it allows a TLS connection may also send requests for any host to the HTTP ports of ${gateway.key}, under the same SNI`,
    fix: "Name the container ports of the TLS servers in to[].operation.ports",
  };
}
