import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { dayOf, type EgressConfig, formatProblem, type Intent, manifests, type Release, validate } from "../graph";
import type { ReleaseName } from "./repair";

export const PROJECT_FOLDER = join(__dirname, "..");
const PREFIX = "controlled-egress:";
const DEMO_KEYS = ["demo", "demoImage"];

/** A stack file's settings, with the project's prefix. */
export type StackSettings = Record<string, unknown>;

/** The settings of `Pulumi.STACK.yaml`. */
export function readStackFile(stack: string): StackSettings {
  const { config } = load(readFileSync(join(PROJECT_FOLDER, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: StackSettings;
  };
  return config;
}

/** A stack file's text. */
export function stackFileText(settings: StackSettings): string {
  return dump({ config: settings });
}

/** The intent of a stack file; throws one error that lists every problem. */
export function intentOf(settings: StackSettings): Intent {
  const own = Object.entries(settings).filter(([key]) => key.startsWith(PREFIX));
  const egress = own
    .map(([key, value]) => [key.slice(PREFIX.length), value] as const)
    .filter(([key]) => !DEMO_KEYS.includes(key));
  const result = validate(Object.fromEntries(egress) as unknown as EgressConfig, { today: dayOf(new Date()) });
  if (result.ok) return result.intent;
  throw new Error(
    `the stack file has problems:\n${result.problems.map((problem) => `  - ${PREFIX}${formatProblem(problem)}`).join("\n")}`,
  );
}

/** The Helm releases that an intent installs, by their names in the cluster. */
export function releasesOf(intent: Intent): ReleaseName[] {
  const releases = manifests(intent).filter((manifest): manifest is Release => manifest.kind === "Release");
  return releases.map(({ spec: { name, namespace } }) => ({ name, namespace }));
}
