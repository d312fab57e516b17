import { load } from "js-yaml";
import { dayOf, type EgressConfig, formatProblem, manifests, validate } from "../../graph";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import { serviceAccount } from "../../graph/objects/serviceAccount";
import { ReadProblem } from "./problem";
import { MANIFEST_SCHEMA } from "./schema";

/** Keys of the stack that concern the demo's workloads and not the graph (components/stackConfig.ts). */
const DEMO_KEYS = ["demo", "demoImage"];

/**
 * The objects that the component makes of a stack's config file, without Pulumi, and the service accounts of its
 * applications, which mostly come with their workloads: who they are, nothing else here says. Throws `ReadProblem`.
 */
export function manifestsOfStackConfig(text: string, file: string): SourcedManifest[] {
  const checked = validate(egressConfigOf(text, file), { today: dayOf(new Date()) });
  if (!checked.ok) throw new ReadProblem(checked.problems.map((each) => `${file}: ${formatProblem(each)}`).join("\n"));
  const foreign = checked.intent.applications.filter(({ createServiceAccount }) => !createServiceAccount);
  return [...manifests(checked.intent), ...foreign.map(serviceAccount)].map((manifest) => ({ manifest, source: file }));
}

/** The configuration in a stack's config file, as it stands there: nothing of it is checked. Throws `ReadProblem`. */
export function egressConfigOf(text: string, file: string): EgressConfig {
  return { destinations: {}, applications: [], ...egressKeys(text, file) };
}

function egressKeys(text: string, file: string): Record<string, unknown> {
  const config = parsed(text, file);
  const keys = Object.entries(config).map(([key, value]) => [key.replace(/^[^:]*:/, ""), value] as const);
  const found = Object.fromEntries(keys.filter(([key]) => !DEMO_KEYS.includes(key)));
  if (found.destinations === undefined)
    throw new ReadProblem(`${file}: has no key "controlled-egress:destinations" under "config".`);
  return found;
}

function parsed(text: string, file: string): Record<string, unknown> {
  try {
    const whole = load(text, { schema: MANIFEST_SCHEMA, filename: file }) as {
      config?: Record<string, unknown>;
    } | null;
    return whole?.config ?? {};
  } catch (error) {
    throw new ReadProblem(`${file}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
  }
}
