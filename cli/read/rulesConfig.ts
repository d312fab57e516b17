import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import type { Level } from "../../graph/rules/catalogue";
import { exemptionProblems } from "../../graph/rules/exemptions";
import { RULES_CONFIG_SCHEMA, type RulesConfig } from "../../graph/rules/rulesConfig";
import { ReadProblem } from "./problem";

/** The configuration of the rules, and the level of those mandatory ones that have none of their own. */
export interface LevelledConfig {
  config: RulesConfig;
  level: Level | "disabled";
}

const LEVEL = z.enum(["mandatory", "advisory", "disabled"]);
const { properties, ...REST } = RULES_CONFIG_SCHEMA;
const POLICY = z.fromJSONSchema({
  ...REST,
  properties: { ...properties, enforcementLevel: { enum: [...LEVEL.options] } },
} as unknown as Parameters<typeof z.fromJSONSchema>[0]);
/** The form of the pack's own file (Pulumi docs, "Policy pack configuration"). */
const FILE = z.strictObject({
  all: z.union([LEVEL, z.strictObject({ enforcementLevel: LEVEL })]).optional(),
  "egress-graph": z.union([LEVEL, POLICY]).optional(),
});

type Policy = RulesConfig & { enforcementLevel?: LevelledConfig["level"] };

/** The file that `pulumi preview --policy-pack-config` takes; folders in it are relative to it. Throws `ReadProblem`. */
export function readRulesConfig(file: string): LevelledConfig {
  const value = parsed(file);
  const checked = FILE.safeParse(value);
  if (!checked.success) throw new ReadProblem(checked.error.issues.flatMap((issue) => faults(file, issue)).join("\n"));
  const all = policyOf(checked.data.all);
  const { enforcementLevel, ...config } = policyOf(checked.data["egress-graph"] as Policy | LevelledConfig["level"]);
  const problems = exemptionProblems(config);
  if (problems.length > 0) throw new ReadProblem(problems.map((each) => `${file}: egress-graph.${each}`).join("\n"));
  const manifests = config.manifests?.map((path) => resolve(dirname(file), path));
  return { config: { ...config, manifests }, level: enforcementLevel ?? all.enforcementLevel ?? "mandatory" };
}

function policyOf(value: Policy | LevelledConfig["level"] | undefined): Policy {
  return typeof value === "string" ? { enforcementLevel: value } : { ...value };
}

function parsed(file: string): unknown {
  try {
    return load(readFileSync(file, "utf8"), { filename: file });
  } catch (error) {
    throw new ReadProblem(
      `${file}: cannot be read (${error instanceof Error ? error.message.split("\n")[0] : error}).`,
    );
  }
}

/** Of a choice, what is wrong with the alternative that is no single word. */
function faults(file: string, issue: z.core.$ZodIssue, above: PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union") return (issue.errors.at(-1) ?? []).flatMap((each) => faults(file, each, path));
  return [`${[`${file}:`, path.join(".")].join(" ").trimEnd()}: ${issue.message}. docs/rules.md shows the form.`];
}
