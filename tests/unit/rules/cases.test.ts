import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readManifests } from "../../../cli/read/files";
import { manifestsOfYaml } from "../../../cli/read/yamlText";
import { keyOf } from "../../../graph";
import { RULE_CODES, type RuleCode } from "../../../graph/rules/catalogue";
import type { Finding } from "../../../graph/rules/finding";
import { judge } from "../../../graph/rules/judge";

/*
 * A folder a rule, a file a case. Its first comments say what the rule must find, whole: a finding more fails too.
 *   # expect: Kind namespace/name FIELD WORDS…   a finding, with words of its message
 *   # expect: nothing
 *   # base: demo | FILE                          laid under the case's own objects, which replace those of the same key
 *   # without: Kind namespace/name               an object of the base that is missing
 */
const ROOT = join(__dirname, "../../..");
const CASES = join(ROOT, "tests/cases/rules");
const TODAY = "2026-11-24";

interface Case {
  expected: string[];
  findings: Finding[];
}

function caseOf(code: RuleCode, file: string): Case {
  const path = join(CASES, code, file);
  const text = readFileSync(path, "utf8");
  const say = (word: string) =>
    [...text.matchAll(new RegExp(`^# ${word}: (.*)$`, "gm"))].map((match) => match[1] ?? "");
  const own = manifestsOfYaml(text, file);
  const replaced = new Set([...own.map(({ manifest }) => keyOf(manifest)), ...say("without")]);
  const base = say("base").flatMap((name) =>
    readManifests(name === "demo" ? join(ROOT, "Pulumi.dev.yaml") : join(CASES, name)),
  );
  for (const key of say("without"))
    assert.ok(
      base.some(({ manifest }) => keyOf(manifest) === key),
      `${file}: the base has no ${key}`,
    );
  const objects = [...base.filter(({ manifest }) => !replaced.has(keyOf(manifest))), ...own];
  const expected = say("expect");
  assert.ok(expected.length > 0, `${path} expects nothing, and does not say so`);
  return {
    expected: expected.filter((line) => line !== "nothing"),
    findings: judge(objects, { today: TODAY, only: [code] }),
  };
}

function matches(finding: Finding, expectation: string): boolean {
  const [kind, name, field, ...words] = expectation.split(" ");
  return (
    finding.object === `${kind} ${name}` &&
    finding.field === field &&
    `${finding.seen} ${finding.message}`.includes(words.join(" "))
  );
}

describe("rules", () => {
  for (const code of RULE_CODES) {
    describe(code, () => {
      for (const file of readdirSync(join(CASES, code)).sort()) {
        it(file.replace(/\.yaml$/, "").replaceAll("-", " "), () => {
          const { expected, findings } = caseOf(code, file);
          const text = findings
            .map(({ object, field, seen, message }) => `${object} ${field} ${seen}: ${message}`)
            .join("\n");
          assert.equal(findings.length, expected.length, `found:\n${text}\nexpected:\n${expected.join("\n")}`);
          for (const line of expected)
            assert.ok(
              findings.some((finding) => matches(finding, line)),
              `missing: ${line}\nfound:\n${text}`,
            );
        });
      }
    });
  }

  it("have each a case that is bad and one that is good", () => {
    for (const code of RULE_CODES) {
      const files = readdirSync(join(CASES, code));
      assert.ok(
        files.some((file) => file.startsWith("bad-")),
        `${code} has no bad case`,
      );
      assert.ok(
        files.some((file) => file.startsWith("good-")),
        `${code} has no good case`,
      );
      for (const file of files)
        assert.equal(caseOf(code, file).findings.length > 0, file.startsWith("bad-"), `${code}/${file}`);
    }
  });

  it("have each a heading in docs/rules.md, and no heading is left over", () => {
    const text = readFileSync(join(ROOT, "docs/rules.md"), "utf8");
    const headings = [...text.matchAll(/^## `(.+)`$/gm)].map((match) => match[1]);
    assert.deepEqual(headings, RULE_CODES);
  });

  it("find nothing in the demo's stack", () => {
    assert.deepEqual(judge(readManifests(join(ROOT, "Pulumi.dev.yaml")), { today: TODAY }), []);
  });
});
