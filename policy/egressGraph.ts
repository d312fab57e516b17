import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { dayOf } from "../graph/day";
import { CATALOGUE } from "../graph/rules/catalogue";
import { type Finding, formatFinding } from "../graph/rules/finding";
import { levelOf } from "../graph/rules/levelOf";
import type { RulesConfig } from "../graph/rules/rulesConfig";
import { configSchema } from "./config";
import { evaluate } from "./evaluate";
import { type Report, reporter } from "./report";

/**
 * All rules in one stack policy: the analyzer deserializes the whole stack again for each policy, about a second for
 * 50,000 resources, so twelve policies would cost twelve. Each finding is reported under its rule's own name and level,
 * which the analyzer's implementation allows (report.ts); what the engine can configure by policy name alone, the
 * rules' levels, is configured in `rules.CODE.enforcementLevel` instead. A mandatory rule without such an entry has the
 * level of this policy, so that the usual `enforcementLevel` and `all` of Pulumi still work.
 */
export const egressGraph: StackValidationPolicy = {
  name: "egress-graph",
  displayName: "Egress graph",
  description: "Traffic leaves the mesh only through egress gateways.",
  enforcementLevel: "mandatory",
  tags: ["istio", "egress", "network"],
  configSchema,
  validateStack(args, reportViolation) {
    const report = reporter(reportViolation);
    for (const violation of violations(args)) report(violation);
  },
};

/** An error in the pack must block with a message of its own, and never be taken for a clean stack. */
function violations(args: StackValidationArgs): Report[] {
  try {
    const config = args.getConfig<RulesConfig>();
    return evaluate(args.resources, config, dayOf(new Date())).map((finding) => violation(finding, config));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      { name: egressGraph.name, level: "mandatory", message: `nothing was judged, so nothing passes. ${message}` },
    ];
  }
}

function violation(finding: Finding, config: RulesConfig): Report {
  const { code, exempt } = finding;
  const text = formatFinding(finding);
  return {
    name: code,
    level: levelOf(finding, config),
    message: `${CATALOGUE[code].sentence}\n${exempt === undefined ? text : `${text} [${exempt}]`}`,
    urn: finding.source?.startsWith("urn:") ? finding.source : undefined,
  };
}
