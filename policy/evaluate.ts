import type { PolicyResource } from "@pulumi/policy";
import { load } from "js-yaml";
import { readManifests } from "../cli/read/files";
import { withoutPatched } from "../cli/read/patches";
import type { PlainResource } from "../cli/read/plainResource";
import { manifestsOf } from "../cli/read/resources";
import { MANIFEST_SCHEMA } from "../cli/read/schema";
import type { SourcedManifest } from "../graph/mesh/sourced";
import { exemptionProblems } from "../graph/rules/exemptions";
import type { Finding } from "../graph/rules/finding";
import { judge } from "../graph/rules/judge";
import type { PackConfig } from "./config";
import { plain, plainKey } from "./plain";

/** Every finding about a stack's resources. Throws what makes a judgement impossible, with a message for the user. */
export function evaluate(resources: readonly PolicyResource[], config: PackConfig, today: string): Finding[] {
  const problems = exemptionProblems(config);
  if (problems.length > 0)
    throw new Error(`The configuration of the policy pack is wrong:\n  ${problems.join("\n  ")}`);
  const context = (config.manifests ?? []).flatMap((path) => readManifests(path));
  const own = manifestsOf(resources.filter(isKubernetes).map(plainResource), context);
  const foreign = withoutPatched(context, own);
  return judge([...own, ...foreign], {
    today,
    options: config,
    mesh: { ...config.mesh, parseYaml: (text) => load(text, { schema: MANIFEST_SCHEMA }) },
    judged: judgedOnly(foreign),
  });
}

function judgedOnly(foreign: readonly SourcedManifest[]) {
  const sources = new Set(foreign.map(({ source }) => source));
  return ({ source }: { source?: string }) => !sources.has(source);
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
