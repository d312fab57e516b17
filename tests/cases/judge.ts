import assert from "node:assert/strict";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import type { RuleCode } from "../../graph/rules/catalogue";
import { type JudgeInput, judge } from "../../graph/rules/judge";
import { manifests } from "./ask";
import { RO } from "./gateway";

/** A row: what is judged, and every finding in order: `Kind namespace/name field: value`, `?` before it if undecided, ` / words` of its message. */
export type RuleRow = [name: string, text: string, expected: string[], input?: Partial<JudgeInput>];

/** A table of one rule: the first row is mostly good, those after it differ from it by one thing. */
export function ruleTable(code: RuleCode, title: string, rows: RuleRow[]): void {
  describe(`${code}: ${title}`, () => {
    for (const [name, text, expected, input = {}] of rows) it(name, () => assertFindings(code, text, expected, input));
  });
}

function assertFindings(code: RuleCode, text: string, expected: string[], input: Partial<JudgeInput>): void {
  const objects: SourcedManifest[] = manifests(text).map((manifest) => ({ manifest }));
  const found = judge(objects, { today: "2026-11-24", mesh: RO, only: [code], ...input });
  const lines = found.map(
    (each) => `${each.undecided ? "? " : ""}${`${each.object} ${each.field}`.trim()}: ${each.seen}`,
  );
  const told = found.map(({ message, fix }, i) => `${lines[i]}\n    ${message}. ${fix}`).join("\n");
  assert.deepEqual(
    lines,
    expected.map((line) => line.split(" / ")[0]),
    told,
  );
  for (const [i, line] of expected.entries())
    for (const words of line.split(" / ").slice(1))
      assert.ok(found[i]?.message.includes(words), `no "${words}" in:\n${told}`);
}
