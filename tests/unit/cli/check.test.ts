import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { load } from "js-yaml";
import { main } from "../../../cli/main";
import { MANIFEST_SCHEMA } from "../../../cli/read/schema";
import { manifestsOfYaml } from "../../../cli/read/yamlText";
import { dayOf } from "../../../graph";
import { RULE_CODES } from "../../../graph/rules/catalogue";
import { type Finding, formatFinding } from "../../../graph/rules/finding";
import { judge } from "../../../graph/rules/judge";
import { ROOT } from "../../support/demo";
import { RULE_CASES, ruleCase } from "../../support/ruleCases";

const DEMO = join(ROOT, "Pulumi.dev.yaml");

/** One mandatory finding, at the second host. */
const OPEN = `# a comment first
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: partner
  namespace: shop
spec:
  hosts:
    - api.partner.example
    - "*.com"
  location: MESH_EXTERNAL
  resolution: STATIC
  endpoints: [{address: 192.0.2.1}]
  ports: [{number: 443, name: tls, protocol: TLS}]
`;
/** One piece of advice. */
const RELEASE = {
  type: "kubernetes:helm.sh/v3:Release",
  urn: "urn:pulumi:dev::x::kubernetes:helm.sh/v3:Release::web",
  inputs: { name: "web", namespace: "shop", chart: "web" },
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNBOUNDED = "no-unbounded-service-entry";
/** The other rules are no part of these tests. */
const ONLY_UNBOUNDED = Object.fromEntries(
  RULE_CODES.filter((code) => code !== UNBOUNDED).map((code) => [code, { enforcementLevel: "disabled" }]),
);

async function run(...args: string[]) {
  let out = "";
  let err = "";
  const code = await main(["check", ...args], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe("controlled-egress check", () => {
  let folder: string;
  let open: string;
  let only: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-check-"));
    open = write("open.yaml", OPEN);
    only = config({ rules: ONLY_UNBOUNDED });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  function config(policy: object | string, others: object = {}): string {
    return write(`pack-${readdirSync(folder).length}.config`, JSON.stringify({ "egress-graph": policy, ...others }));
  }

  it("says for each finding where it is, as compilers do, and ends with 1", async () => {
    const { code, out, err } = await run("--from", open, "--config", only);
    assert.equal(code, 1, err);
    assert.equal(
      out,
      `${open}:10:7: error: ServiceEntry shop/partner spec.hosts[1] (*.com): it stands for every host under com, which anybody may register. Name the hosts that are needed. [${UNBOUNDED}]\n1 error, 0 warnings; 1 object judged by 1 rule.\n`,
    );
  });

  it("finds nothing in the demo's stack, and ends with 0", async () => {
    const { code, out, err } = await run("--from", DEMO);
    assert.equal(code, 0, out + err);
    assert.match(out, /^0 errors, 0 warnings; \d+ objects judged by \d+ rules\.\n$/);
  });

  it("reads a stack by its name", async () => {
    cpSync(DEMO, join(folder, "Pulumi.prod.yaml"));
    const before = process.cwd();
    process.chdir(folder);
    try {
      assert.match((await run("--stack", "prod")).out, /^0 errors/);
      const { code, err } = await run("--stack", "nowhere");
      assert.equal(code, 65);
      assert.match(err, /^error: Pulumi\.nowhere\.yaml: no such file/);
    } finally {
      process.chdir(before);
    }
  });

  it("reads standard input, and knows columns there too", async () => {
    const { exitCode, stdout } = await execa(
      "node",
      [join(ROOT, "cli/controlled-egress.js"), "check", "--from", "-", "--config", only],
      { input: OPEN, reject: false },
    );
    assert.equal(exitCode, 1);
    assert.match(stdout, /^stdin:10:7: error: /);
  });

  it("knows lines of JSON, and names the file alone where it is too deep for YAML", async () => {
    const entry = load(OPEN) as object;
    const pretty = write("open.json", JSON.stringify(entry, undefined, 2));
    assert.match((await run("--from", pretty, "--config", only)).out, /open\.json:11:7: error: /);
    const deep = JSON.parse(`${"[".repeat(150)}${"]".repeat(150)}`);
    const odd = write("odd.json", JSON.stringify({ ...entry, status: deep }));
    const { code, out, err } = await run("--from", odd, "--config", only);
    assert.equal(code, 1, err);
    assert.match(out, /odd\.json: error: /);
  });

  it("finds what the rules find, in every case of every rule", async () => {
    for (const code of RULE_CODES) {
      for (const name of readdirSync(join(RULE_CASES, code))) {
        const { objects } = ruleCase(code, name);
        const text = objects.map(({ manifest }) => `---\n${JSON.stringify(manifest)}\n`).join("");
        const file = write("case.yaml", text);
        const parseYaml = (source: string) => load(source, { schema: MANIFEST_SCHEMA });
        const judged = judge(manifestsOfYaml(text, file), { today: dayOf(new Date()), mesh: { parseYaml } });
        const expected = judged.map((each) => [each.code, formatFinding(each)]);
        const { findings } = JSON.parse((await run("--from", file, "--json")).out);
        const found = findings.map((each: Finding) => [each.code, formatFinding(each)]);
        assert.deepEqual(found.sort(), expected.sort(), `${code}/${name}`);
        for (const { file: at, line, column } of findings) {
          assert.equal(at, file);
          assert.ok(line > 0 && column > 0, `${code}/${name}: ${line}:${column}`);
        }
      }
    }
  });

  it("prints JSON with level, object, field and place", async () => {
    const { out } = await run("--from", open, "--config", only, "--format", "json");
    const { findings, errors, warnings, problems } = JSON.parse(out);
    assert.deepEqual([errors, warnings, problems], [1, 0, []]);
    const { code, level, object, field, seen, file, line, column } = findings[0];
    assert.deepEqual(
      [code, level, object, field, seen],
      [UNBOUNDED, "mandatory", "ServiceEntry shop/partner", "spec.hosts[1]", "*.com"],
    );
    assert.deepEqual([file, line, column], [open, 10, 7]);
  });

  it("prints SARIF with rules, their help, and a region of each result", async () => {
    const { code, out } = await run("--from", open, "--format", "sarif");
    assert.equal(code, 1);
    const { version, runs } = JSON.parse(out);
    assert.equal(version, "2.1.0");
    const { tool, results, invocations } = runs[0];
    assert.equal(invocations[0].executionSuccessful, true);
    const anchors = new Set(
      [...readFileSync(join(ROOT, "docs/rules.md"), "utf8").matchAll(/^## `(.*)`$/gm)].map(([, name]) => name),
    );
    for (const { id, help, shortDescription } of tool.driver.rules) {
      assert.ok(shortDescription.text);
      assert.ok(anchors.has(/docs\/rules\.md#([\w-]+)/.exec(help.text)?.[1] ?? ""), `${id} has no help`);
    }
    const result = results.find(({ ruleId }: { ruleId: string }) => ruleId === UNBOUNDED);
    assert.equal(tool.driver.rules[result.ruleIndex].id, UNBOUNDED);
    assert.equal(result.level, "error");
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.deepEqual(region, { startLine: 10, startColumn: 7 });
    assert.equal(artifactLocation.uri, pathToFileURL(open).href);
  });

  it("prints JUnit: failures, advice, exemptions, files not read, and rules that are kept", async () => {
    write("broken.yaml", "apiVersion: v1\nkind: [\n");
    write("<state> & more.json", JSON.stringify({ apiVersion: "v1", deployment: { resources: [RELEASE] } }));
    const exemption = { object: "shop/partner", reason: 'Mia says "<yes>"', expires: "2999-12-31" };
    const rules = { "service-entry-routed-by-egress-gateway": { exemptions: [exemption] } };
    const { code, out } = await run("--from", folder, "--format", "junit", "--config", config({ rules }));
    assert.equal(code, 65);
    const [, tests, failures, errors, skipped] =
      /<testsuite name="[^"]*" tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)">/.exec(out) ?? [];
    const count = (pattern: RegExp) => String([...out.matchAll(pattern)].length);
    assert.deepEqual(
      [count(/<testcase /g), count(/<failure /g), count(/<error /g), count(/<skipped /g)],
      [tests, failures, errors, skipped],
    );
    assert.match(out, new RegExp(`<testcase classname="${UNBOUNDED}" name="[^"]*" file="[^"]*open.yaml" line="10">`));
    assert.match(out, /<skipped message="exempt until 2999-12-31: Mia says &quot;&lt;yes&gt;&quot;"\/>/);
    assert.match(out, /<error message="[^"]*broken\.yaml:\d+: /);
    assert.match(out, /<testcase classname="opaque-release" name="Release shop\/web spec.chart">\s+<system-out>/);
    assert.match(out, /<testcase classname="sni-rule-names-ports" name="[^"]*"\/>/);
  });

  it("names the broken file of a folder, judges the rest, and ends with 65", async () => {
    write("broken.yaml", "apiVersion: v1\nkind: [\n");
    const { code, out, err } = await run("--from", folder, "--config", only);
    assert.equal(code, 65);
    assert.match(err, /^error: .*broken\.yaml:3: .*\n$/);
    assert.match(out, /open\.yaml:10:7: error: /);
    assert.match(out, /, 1 file not read; 1 object judged/);
    const sarif = JSON.parse((await run("--from", folder, "--format", "sarif")).out);
    const [invocation] = sarif.runs[0].invocations;
    assert.equal(invocation.executionSuccessful, false);
    assert.match(invocation.toolExecutionNotifications[0].message.text, /broken\.yaml/);
  });

  it("ends with 3 where nothing is broken but what could not be decided", async () => {
    const inputs = {
      apiVersion: "networking.istio.io/v1",
      kind: "ServiceEntry",
      metadata: { name: "x", namespace: "shop" },
      spec: { hosts: UNKNOWN, ports: [{ number: 443, name: "tls", protocol: "TLS" }], resolution: "DNS" },
    };
    const resource = { urn: "urn:pulumi:a::b::kubernetes:networking.istio.io/v1:ServiceEntry::x", inputs };
    const file = write("state.json", JSON.stringify({ deployment: { resources: [resource] } }));
    const undecided = await run("--from", file);
    assert.equal(undecided.code, 3, undecided.out);
    assert.match(undecided.out, /state\.json: error: .*not known before the update/);
    assert.match(undecided.out, /\d errors? \(\d undecided\)/);
    const advised = await run("--from", file, "--config", config({ unknowns: "advise" }));
    assert.equal(advised.code, 0, advised.out);
  });

  describe("--config", () => {
    const exemption = { object: "shop/partner", reason: "moves in Q1 (Jo)", expires: "2999-12-31" };

    it("takes levels of rules, of the policy, and of all", async () => {
      const level = async (policy: object | string, others?: object) =>
        (await run("--from", open, "--config", config(policy, others))).code;
      assert.equal(await level({ rules: ONLY_UNBOUNDED }), 1);
      const advisory = { ...ONLY_UNBOUNDED, [UNBOUNDED]: { enforcementLevel: "advisory" } };
      assert.equal(await level({ rules: advisory }), 0);
      assert.equal(await level({ rules: ONLY_UNBOUNDED, enforcementLevel: "advisory" }), 0);
      assert.equal(await level("advisory"), 0);
      assert.equal(await level("disabled"), 0);
      assert.equal(await level({}, { all: "advisory" }), 0);
      assert.equal(await level("mandatory", { all: { enforcementLevel: "advisory" } }), 1);
      const own = { enforcementLevel: "advisory", rules: { [UNBOUNDED]: { enforcementLevel: "mandatory" } } };
      assert.equal(await level(own), 1);
    });

    it("lets an exempt object pass until its day, and says so", async () => {
      const exempt = (expires: string) => config({ rules: ONLY_UNBOUNDED, exemptions: [{ ...exemption, expires }] });
      const good = await run("--from", open, "--config", exempt("2999-12-31"));
      assert.equal(good.code, 0);
      assert.match(good.out, /open\.yaml:10:7: exempt: .*exempt until 2999-12-31: moves in Q1 \(Jo\)\]/);
      assert.match(good.out, /0 errors, 0 warnings, 1 exempt;/);
      const late = await run("--from", open, "--config", exempt("2020-01-01"));
      assert.equal(late.code, 1);
      assert.match(late.out, /expired on 2020-01-01/);
    });

    it("completes the picture by the manifests of others, which lie beside the configuration and are not judged", async () => {
      const entry = join(RULE_CASES, "route.yaml");
      cpSync(entry, join(folder, "platform.yaml"));
      const file = config({ manifests: ["platform.yaml"], rules: {} });
      const release = write("state.json", JSON.stringify({ deployment: { resources: [RELEASE] } }));
      const { code, out } = await run("--from", release, "--config", file, "--json");
      assert.equal(code, 0, out);
      assert.deepEqual(
        JSON.parse(out).findings.map((each: { object: string }) => each.object),
        ["Release shop/web"],
      );
      assert.notEqual((await run("--from", entry)).code, 0, "alone it has findings");
    });

    const BAD: [title: string, text: string, message: RegExp][] = [
      ["no JSON or YAML", "{", /cannot be read/],
      ["a policy that is not known", '{"egress": {}}', /Unrecognized key: "egress"/],
      [
        "a rule that is not known",
        '{"egress-graph": {"rules": {"no-rule": {}}}}',
        /egress-graph\.rules: Unrecognized key: "no-rule"/,
      ],
      [
        "a level that is none",
        '{"egress-graph": {"enforcementLevel": "strict"}}',
        /egress-graph\.enforcementLevel: Invalid option/,
      ],
      [
        "an exemption without a day",
        '{"egress-graph": {"exemptions": [{"object": "a/b", "reason": "x", "expires": "soon"}]}}',
        /exemptions\[0\]\.expires = "soon" is no day/,
      ],
      [
        "manifests that are not there",
        '{"egress-graph": {"manifests": ["nowhere"]}}',
        /nowhere: no such file or folder/,
      ],
    ];
    for (const [title, text, message] of BAD) {
      it(`ends with 65 for ${title}`, async () => {
        const { code, out, err } = await run("--from", open, "--config", write("bad.config", text));
        assert.equal(code, 65);
        assert.equal(out, "");
        assert.match(err, /^error: /);
        assert.match(err, message);
        assert.doesNotMatch(err, /\n\s+at /);
      });
    }
  });

  const BAD: [title: string, code: number, args: (file: string) => string[], message: RegExp][] = [
    ["neither --from nor --stack", 64, () => [], /needs one of --from PATH, --stack NAME/],
    ["both --from and --stack", 64, (file) => ["--from", file, "--stack", "dev"], /needs one of/],
    ["a format that there is not", 64, (file) => ["--from", file, "--format", "xml"], /Allowed choices are text, json/],
    ["a file that is not there", 65, (file) => ["--from", `${file}x`], /no such file or folder/],
    ["a folder without objects", 65, () => ["--from", join(ROOT, "graph")], /holds no Kubernetes objects/],
  ];
  for (const [title, code, args, message] of BAD) {
    it(`ends with ${code} for ${title}`, async () => {
      const result = await run(...args(open));
      assert.equal(result.code, code);
      assert.equal(result.out, "");
      assert.match(result.err, message);
    });
  }
});
