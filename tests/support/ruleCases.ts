import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readManifests } from "../../cli/read/files";
import { manifestsOfYaml } from "../../cli/read/yamlText";
import { dayOf, keyOf } from "../../graph";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import type { RuleCode } from "../../graph/rules/catalogue";
import { ROOT } from "./demo";

export const RULE_CASES = join(ROOT, "tests/cases/rules");

export interface RuleCase {
  objects: SourcedManifest[];
  /** Findings, one a line: `Kind namespace/name FIELD WORDS…`. */
  expected: string[];
}

/*
 * A folder a rule, a file a case. Its first comments say what the rule must find, whole: a finding more fails too.
 *   # expect: Kind namespace/name FIELD WORDS…   a finding, with words of its message
 *   # expect: nothing
 *   # base: demo | FILE                          laid under the case's own objects, which replace those of the same key
 *   # without: Kind namespace/name               an object of the base that is missing
 * TODAY+14 and TODAY-1 stand for the day fourteen days on and for yesterday.
 */
export function ruleCase(code: RuleCode, file: string, today = dayOf(new Date())): RuleCase {
  const path = join(RULE_CASES, code, file);
  const text = withDays(readFileSync(path, "utf8"), today);
  const say = (word: string) =>
    [...text.matchAll(new RegExp(`^# ${word}: (.*)$`, "gm"))].map((match) => match[1] ?? "");
  const own = manifestsOfYaml(text, file);
  const replaced = new Set([...own.map(({ manifest }) => keyOf(manifest)), ...say("without")]);
  const base = say("base").flatMap((name) =>
    readManifests(name === "demo" ? join(ROOT, "Pulumi.dev.yaml") : join(RULE_CASES, name)),
  );
  for (const key of say("without"))
    assert.ok(
      base.some(({ manifest }) => keyOf(manifest) === key),
      `${file}: the base has no ${key}`,
    );
  const expected = say("expect");
  assert.ok(expected.length > 0, `${path} expects nothing, and does not say so`);
  return {
    objects: [...base.filter(({ manifest }) => !replaced.has(keyOf(manifest))), ...own],
    expected: expected.filter((line) => line !== "nothing"),
  };
}

function withDays(text: string, today: string): string {
  return text.replace(/\bTODAY([+-]\d+)/g, (_, days) => {
    const date = new Date(`${today}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + Number(days));
    return dayOf(date);
  });
}
