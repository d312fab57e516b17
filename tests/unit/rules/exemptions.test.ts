import assert from "node:assert/strict";
import { isDay } from "../../../graph/day";
import { exemptionProblems } from "../../../graph/rules/exemptions";
import { judge } from "../../../graph/rules/judge";
import type { RuleOptions } from "../../../graph/rules/options";
import { ruleCase } from "../../support/ruleCases";

const CODE = "service-entry-routed-by-egress-gateway";
const { objects } = ruleCase(CODE, "bad-nothing-but-the-service-entry.yaml");
const findings = (options: RuleOptions, today = "2026-11-24") => judge(objects, { today, options, only: [CODE] });
const exemption = { object: "shop/api", reason: "moves", expires: "2026-11-24" };

describe("exemptions", () => {
  it("hold to the end of their last day, for every rule or for one", () => {
    for (const options of [{ exemptions: [exemption] }, { rules: { [CODE]: { exemptions: [exemption] } } }]) {
      assert.equal(findings(options)[0]?.exempt, "exempt until 2026-11-24: moves");
      assert.equal(findings(options, "2026-11-25")[0]?.exempt, undefined);
    }
  });

  it("are named in the finding once they have expired", () => {
    assert.match(
      findings({ exemptions: [exemption] }, "2026-11-25")[0]?.fix ?? "",
      /exemption "moves" expired on 2026-11-24/,
    );
  });

  it("hold for what they name alone", () => {
    const named = (object: string) => findings({ exemptions: [{ ...exemption, object }] })[0]?.exempt !== undefined;
    assert.deepEqual(
      ["ServiceEntry shop/api", "shop/api", "Gateway shop/api", "shop/ap", "api", "other/api"].map(named),
      [true, true, false, false, false, false],
    );
    const other = { rules: { "no-conflicting-hosts": { exemptions: [exemption] } } } as const;
    assert.equal(findings(other as unknown as RuleOptions)[0]?.exempt, undefined);
  });

  it("need an object, a reason and a day of the calendar", () => {
    const problems = (change: object) => exemptionProblems({ exemptions: [{ ...exemption, ...change }] });
    assert.deepEqual(problems({}), []);
    assert.match(problems({ object: "a b c" })[0] ?? "", /^exemptions\[0\]\.object = "a b c" is no object/);
    assert.match(problems({ reason: " " })[0] ?? "", /reason = " " says nothing/);
    assert.match(problems({ expires: undefined })[0] ?? "", /expires = undefined is no day/);
    const nested = { rules: { [CODE]: { exemptions: [{ ...exemption, expires: "soon" }] } } };
    assert.match(
      exemptionProblems(nested)[0] ?? "",
      /^rules\.service-entry-routed-by-egress-gateway\.exemptions\[0\]\.expires/,
    );
  });

  it("know the calendar", () => {
    assert.deepEqual(["2026-02-28", "2028-02-29", "2026-02-29", "2026-13-01", "2026-1-1", ""].map(isDay), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("levels", () => {
  it("are the catalogue's, unless the options say otherwise", () => {
    assert.equal(findings({})[0]?.level, "mandatory");
    assert.equal(findings({ rules: { [CODE]: { enforcementLevel: "advisory" } } })[0]?.level, "advisory");
  });

  it("switch a rule off", () => {
    const options: RuleOptions = { rules: { [CODE]: { enforcementLevel: "disabled" } } };
    assert.deepEqual(
      judge(objects, { today: "2026-11-24", options }).filter(({ code }) => code === CODE),
      [],
    );
  });
});

describe("options", () => {
  it("narrow or widen the ranges that pass", () => {
    const wide = ruleCase("no-unbounded-service-entry", "bad-wide-ranges.yaml").objects;
    const count = (widestPrefix: RuleOptions["widestPrefix"]) =>
      judge(wide, { today: "2026-11-24", options: { widestPrefix }, only: ["no-unbounded-service-entry"] }).length;
    assert.deepEqual([count({ ipv4: 8 }), count({ ipv4: 25 }), count({ ipv4: 8, ipv6: 32 })], [1, 3, 0]);
  });

  it("announce the end of an allowance earlier or later", () => {
    const ending = ruleCase("allowance-expires-soon", "bad-fourteen-days-before.yaml", "2026-11-24").objects;
    const count = (noticeDays: number | undefined) =>
      judge(ending, { today: "2026-11-24", options: { noticeDays }, only: ["allowance-expires-soon"] }).length;
    assert.deepEqual([undefined, 14, 13, 0].map(count), [1, 1, 0, 0]);
  });

  it("leave out namespaces that no object names", () => {
    const { objects } = ruleCase(CODE, "bad-route-not-exported.yaml");
    const options: RuleOptions = { otherNamespaces: false };
    const found = judge(objects, { today: "2026-11-24", options, only: [CODE] });
    assert.ok(found.length > 0);
    for (const { message } of found) assert.match(message, /namespace shop/);
  });
});
