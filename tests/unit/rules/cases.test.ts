import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readManifests } from "../../../cli/read/files";
import { manifests, withDefaults } from "../../../graph";
import { RULE_CODES, type RuleCode } from "../../../graph/rules/catalogue";
import type { Finding } from "../../../graph/rules/finding";
import { judge } from "../../../graph/rules/judge";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { ROOT } from "../../support/demo";
import { RULE_CASES, ruleCase } from "../../support/ruleCases";

const TODAY = "2026-11-24";

function caseOf(code: RuleCode, file: string): { expected: string[]; findings: Finding[] } {
  const { objects, expected } = ruleCase(code, file, TODAY);
  return { expected, findings: judge(objects, { today: TODAY, only: [code] }) };
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
      for (const file of readdirSync(join(RULE_CASES, code)).sort()) {
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
      const files = readdirSync(join(RULE_CASES, code));
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

  it("find nothing in whatever this component makes", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        const objects = manifests(intent).map((manifest) => ({ manifest }));
        const { authorization, strictMutualTls, networkPolicy, admission } = intent.guards;
        const served = intent.destinations.some(({ allowedTo }) => allowedTo.length > 0);
        const open = [
          ...(authorization || !served ? [] : ["gateway-denies-by-default"]),
          ...(strictMutualTls || !served ? [] : ["gateway-namespace-strict-mutual-tls"]),
          ...(networkPolicy ? [] : ["namespace-guarded-by-network-policy"]),
          ...(admission === "Enforce" ? [] : ["namespace-guarded-by-admission-policy"]),
        ];
        const found = judge(objects, { today: TODAY }).map(({ code }) => code);
        assert.deepEqual([...new Set(found)], open, "what the configuration turned off, and nothing else");
      }),
      { seed: 3, numRuns: 40 },
    );
  }).timeout(60_000);

  it("find nothing in the demo's stack", () => {
    assert.deepEqual(judge(readManifests(join(ROOT, "Pulumi.dev.yaml")), { today: TODAY }), []);
  });
});
