import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE, RULE_CODES, type RuleCode } from "../../graph/rules/catalogue";
import { ROOT } from "../support/demo";
import { Engine, type EngineEvent, type Outcome } from "../support/engine";
import { RULE_CASES, ruleCase } from "../support/ruleCases";

const PACK = join(ROOT, "policy");
const CHARTS = ["base", "istiod", "gateway", "nginx", "istio-discovery"];

/** The case by which the engine is asked about a rule; the others are asked of the rule itself (tests/unit/rules). */
const BAD: Partial<Record<RuleCode, string>> = {
  "service-entry-routed-by-egress-gateway": "bad-second-entry-beside-the-routed-ones.yaml",
};

/** Names of the ServiceEntries of fixtures/spellings. */
const SPELLINGS = [
  "chart-v3",
  "chart-v4",
  "class",
  "config-file-v1",
  "config-file-v2",
  "config-group-v1",
  "config-group-v2",
  "custom-resource",
  "kustomize-v1",
  "kustomize-v2",
];

describe("the policy pack under the real engine", function () {
  this.timeout(300_000);

  let engine: Engine;
  before(async () => {
    engine = await Engine.open({ program: join(__dirname, "fixtures/objects") });
    for (const chart of CHARTS) writeChart(join(engine.folder, "charts", chart), chart);
  });
  after(() => engine.close());

  function stackOf(code: RuleCode, file: string): void {
    const manifests = ruleCase(code, file).objects.map(({ manifest }) => manifest);
    engine.writeConfig({
      "objects:folder": join(engine.folder, "rendered"),
      "objects:charts": join(engine.folder, "charts"),
      "objects:manifests": manifests,
    });
  }

  async function packConfig(config: object): Promise<string[]> {
    const file = join(engine.folder, "pack.json");
    writeFileSync(file, JSON.stringify({ "egress-graph": config }));
    return ["--policy-pack", PACK, "--policy-pack-config", file];
  }

  it("lets the component's objects through, and says nothing", async () => {
    stackOf("service-entry-routed-by-egress-gateway", "good-endpoint-is-the-gateway.yaml");
    const preview = await engine.preview("--policy-pack", PACK);
    assert.equal(preview.exitCode, 0, shown(preview));
    assert.deepEqual(violations(preview), []);
    assert.match(preview.stdout, /controlled-egress@v\d/, "the pack was not run");
  });

  for (const code of RULE_CODES) {
    const { level } = CATALOGUE[code];
    it(`${code}: a stack that breaks it ${level === "mandatory" ? "fails" : "is told so"}`, async () => {
      const file = BAD[code] ?? firstBad(code);
      stackOf(code, file);
      const preview = await engine.preview("--policy-pack", PACK);
      const found = violations(preview).filter(({ policyName }) => policyName === code);
      assert.equal(found.length, ruleCase(code, file).expected.length, shown(preview));
      for (const { message, enforcementLevel, resourceUrn } of found) {
        assert.equal(enforcementLevel, level);
        assert.ok(message.includes(CATALOGUE[code].sentence), message);
        assert.match(resourceUrn ?? "", /^urn:pulumi:/);
      }
      const stops = violations(preview).some(({ enforcementLevel }) => enforcementLevel === "mandatory");
      assert.equal(preview.exitCode, stops ? 1 : 0, shown(preview));
      assert.ok(stops || level === "advisory");
      assert.doesNotMatch(shown(preview), /\n\s+at .+:\d+:\d+/);
    });
  }

  it("judges an exported state alike", async () => {
    stackOf("service-entry-routed-by-egress-gateway", "bad-nothing-but-the-service-entry.yaml");
    const up = await engine.up("--skip-preview");
    assert.equal(up.exitCode, 0, shown(up));
    const state = JSON.stringify(await engine.exportState());
    const analyzed = await engine.analyze(PACK, state);
    assert.equal(analyzed.exitCode, 1, shown(analyzed));
    assert.match(shown(analyzed), /service-entry-routed-by-egress-gateway/);
    assert.match(shown(analyzed), /ServiceEntry shop\/api spec\.hosts \(api\.example\.com:443 TLS\)/);
    const destroyed = await engine.destroy();
    assert.equal(destroyed.exitCode, 0, shown(destroyed));
  });

  it("sees a ServiceEntry however a program makes it", async () => {
    const spellings = await Engine.open({ program: join(__dirname, "fixtures/spellings") });
    try {
      spellings.writeConfig({ "spellings:folder": join(spellings.folder, "rendered") });
      const preview = await spellings.preview("--policy-pack", PACK);
      const found = violations(preview)
        .filter(({ policyName }) => policyName === "service-entry-routed-by-egress-gateway")
        .map(({ message }) => /ServiceEntry shop\/(\S+)/.exec(message)?.[1]);
      assert.deepEqual(found.sort(), SPELLINGS, shown(preview));
      assert.equal(preview.exitCode, 1);
    } finally {
      spellings.close();
    }
  });

  it("takes its configuration from a file", async () => {
    stackOf("service-entry-routed-by-egress-gateway", "bad-nothing-but-the-service-entry.yaml");
    const rules = { "service-entry-routed-by-egress-gateway": { enforcementLevel: "advisory" } };
    const advised = await engine.preview(...(await packConfig({ rules })));
    assert.equal(advised.exitCode, 0, shown(advised));
    assert.deepEqual(
      violations(advised).map(({ enforcementLevel }) => enforcementLevel),
      ["advisory"],
    );
  });

  it("sees the gateways of another stack in a folder of manifests", async () => {
    const objects = ruleCase(
      "service-entry-routed-by-egress-gateway",
      "good-virtual-service-to-the-gateway.yaml",
    ).objects;
    const own = ({ kind }: { kind: string }) => kind === "ServiceEntry";
    const folder = join(engine.folder, "platform");
    mkdirSync(folder, { recursive: true });
    const platform = objects.map(({ manifest }) => manifest).filter((manifest) => !own(manifest));
    writeFileSync(join(folder, "all.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items: platform }));
    stackOf("service-entry-routed-by-egress-gateway", "good-virtual-service-to-the-gateway.yaml");
    engine.writeConfig({
      "objects:folder": join(engine.folder, "rendered"),
      "objects:charts": join(engine.folder, "charts"),
      "objects:manifests": objects.map(({ manifest }) => manifest).filter(own),
    });
    const alone = await engine.preview("--policy-pack", PACK);
    assert.equal(alone.exitCode, 1, shown(alone));
    const beside = await engine.preview(...(await packConfig({ manifests: [folder] })));
    assert.equal(beside.exitCode, 0, shown(beside));
    assert.deepEqual(
      [...new Set(violations(beside).map(({ policyName }) => policyName))],
      ["service-entry-fails-closed"],
    );
  });

  it("stops everything, with a clear message, when it cannot judge", async () => {
    stackOf("service-entry-routed-by-egress-gateway", "good-endpoint-is-the-gateway.yaml");
    const missing = await engine.preview(...(await packConfig({ manifests: [join(engine.folder, "nowhere")] })));
    assert.equal(missing.exitCode, 1, shown(missing));
    assert.match(
      violations(missing)[0]?.message ?? "",
      /nothing was judged, so nothing passes\. .*nowhere: no such file or folder/,
    );
    assert.doesNotMatch(shown(missing), /\n\s+at .+:\d+:\d+/);
  });

  it("refuses a configuration with a word that it does not know", async () => {
    const wrong = await engine.preview(
      ...(await packConfig({ rules: { "no-such-rule": { enforcementLevel: "disabled" } } })),
    );
    assert.notEqual(wrong.exitCode, 0);
    assert.match(shown(wrong), /no-such-rule/);
  });
});

function firstBad(code: RuleCode): string {
  const file = readdirSync(join(RULE_CASES, code))
    .sort()
    .find((name) => name.startsWith("bad-"));
  assert.ok(file);
  return file;
}

function violations({ events }: Outcome) {
  return events.flatMap(({ policyEvent }: EngineEvent) => (policyEvent ? [policyEvent] : []));
}

function shown({ stdout, stderr }: Outcome): string {
  return `${stdout}\n${stderr}`;
}

function writeChart(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
}
