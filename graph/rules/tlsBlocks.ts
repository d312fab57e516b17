import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";

/**
 * Every `tls` of a DestinationRule: of the rule, of its ports, of its subsets and their ports. One that is set
 * replaces the one above as a whole (Istio API, `TrafficPolicy`, `TrafficPolicy.portLevelSettings`).
 */
export function tlsBlocks(rule: MeshObject): Value[] {
  const policies = [
    rule.spec.at("trafficPolicy"),
    ...rule.spec
      .at("subsets")
      .list()
      .map((subset) => subset.at("trafficPolicy")),
  ];
  return policies
    .flatMap((policy) => [policy, ...policy.at("portLevelSettings").list()])
    .map((settings) => settings.at("tls"))
    .filter((tls) => tls.present);
}
