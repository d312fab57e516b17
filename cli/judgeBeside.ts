import { load } from "js-yaml";
import type { SourcedManifest } from "../graph/mesh/sourced";
import type { Finding } from "../graph/rules/finding";
import { judge } from "../graph/rules/judge";
import type { RulesConfig } from "../graph/rules/rulesConfig";
import { withoutPatched } from "./read/patches";
import { MANIFEST_SCHEMA } from "./read/schema";

/** Every finding about objects of one's own, beside those of others, which complete the picture and are not judged. */
export function judgeBeside(
  own: readonly SourcedManifest[],
  others: readonly SourcedManifest[],
  config: RulesConfig,
  today: string,
): Finding[] {
  const foreign = withoutPatched(others, own);
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
