import type { MeshObject } from "../mesh/object";
import { egressGateways } from "./egressGateways";
import type { Complaint } from "./finding";
import { complaintsOfPolicies } from "./gatewayPolicies";
import type { Rule } from "./rule";

const NORMALIZED = "DECODE_AND_MERGE_SLASHES";

/**
 * `/api/..%2fadmin` begins with `/api/` and is `/admin` to many servers. Proxies compare what the mesh config lets them
 * decode (Istio docs, "Security Best Practices: Customize your system on path normalization").
 */
export const pathLimitsNormalized: Rule = {
  code: "path-limits-normalized",
  check(context) {
    const setting = context.mesh.config.value("pathNormalization").at("normalization").text();
    if (setting === NORMALIZED) return [];
    return complaintsOfPolicies(
      context,
      egressGateways(context),
      () => true,
      (policy) => complaints(policy, setting),
    );
  },
};

function* complaints(policy: MeshObject, setting: string): Iterable<Complaint> {
  for (const rule of policy.spec.at("rules").list()) {
    for (const to of rule.at("to").list()) {
      for (const key of ["paths", "notPaths"]) {
        const paths = to.at("operation").at(key);
        if (paths.list().length === 0) continue;
        yield {
          object: policy,
          field: paths.path,
          seen: setting === "" ? "pathNormalization absent, which means BASE" : `pathNormalization ${setting}`,
          message: "escaped slashes are not decoded before paths are compared, so another spelling passes the limit",
          fix: `Set pathNormalization.normalization to ${NORMALIZED} in the mesh config`,
        };
      }
    }
  }
}
