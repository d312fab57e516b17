import type { PolicyResource } from "@pulumi/policy";
import { judgeBeside } from "../cli/judgeBeside";
import { readManifests } from "../cli/read/files";
import type { PlainResource } from "../cli/read/plainResource";
import { manifestsOf } from "../cli/read/resources";
import { exemptionProblems } from "../graph/rules/exemptions";
import type { Finding } from "../graph/rules/finding";
import type { RulesConfig } from "../graph/rules/rulesConfig";
import { plain, plainKey } from "./plain";

/** Every finding about a stack's resources. Throws what makes a judgement impossible, with a message for the user. */
export function evaluate(resources: readonly PolicyResource[], config: RulesConfig, today: string): Finding[] {
  const problems = exemptionProblems(config);
  if (problems.length > 0)
    throw new Error(`The configuration of the policy pack is wrong:\n  ${problems.join("\n  ")}`);
  const context = (config.manifests ?? []).flatMap((path) => readManifests(path));
  const own = manifestsOf(resources.filter(isKubernetes).map(plainResource), context);
  return judgeBeside(own, context, config, today);
}

/** Only these are copied out of the analyzer's proxies, which costs. */
function isKubernetes({ type, props }: PolicyResource): boolean {
  return /^[^:]+:[^:]+\/v[^:/]+:\w+$/.test(type) || /\.istio\.io\//.test(String(plainKey(props, "apiVersion")));
}

function plainResource({ type, urn, name, props, provider }: PolicyResource): PlainResource {
  const settings = plain(provider?.props ?? {}) as Record<string, unknown>;
  return {
    type,
    urn,
    name,
    props: plain(props) as Record<string, unknown>,
    ...(typeof settings.namespace === "string" &&
      settings.namespace !== "" && { providerNamespace: settings.namespace }),
  };
}
