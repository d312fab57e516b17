import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { readManifests } from "../../../cli/read/files";
import { diffMarkdown } from "../../../cli/render/diffMarkdown";
import { ROOT } from "../../support/demo";
import { assertGolden } from "../../support/golden";
import { runCli } from "../../support/runCli";

const DEMO = join(ROOT, "Pulumi.dev.yaml");
/** Without it, Istio's default would let every call out. */
const CLOSED = {
  op: "create",
  urn: "urn:pulumi:a::b::kubernetes:networking.istio.io/v1:Sidecar::s",
  newState: {
    type: "kubernetes:networking.istio.io/v1:Sidecar",
    inputs: {
      apiVersion: "networking.istio.io/v1",
      kind: "Sidecar",
      metadata: { name: "s", namespace: "shop" },
      spec: { egress: [{ hosts: ["./*"] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
    },
  },
};

describe("controlled-egress diff", () => {
  let folder: string;
  let wider: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-diff-"));
    const text = readFileSync(DEMO, "utf8");
    const changed = text
      .replace("allow: [google]", "allow: [google, httpbin]")
      .replace("allow: [github, httpbin]", "allow: [github]");
    assert.notEqual(changed, text);
    wider = write("Pulumi.wider.yaml", `${changed}  controlled-egress:guards: {networkPolicy: false}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  it("tells people what a change opens and closes, and ends with 2", async () => {
    const { code, out, err } = await runCli("diff", DEMO, wider);
    assert.equal(code, 2, err);
    assertGolden("diff.txt", out);
    assert.ok(readFileSync(join(ROOT, "docs/diff.md"), "utf8").includes(out), "docs/diff.md shows another answer");
  });

  it("writes a comment for a pull request", async () => {
    const { code, out } = await runCli("diff", DEMO, wider, "--format", "markdown");
    assert.equal(code, 2);
    assertGolden("diff.md", out);
  });

  it("prints the same as JSON", async () => {
    const { code, out } = await runCli("diff", DEMO, wider, "--format", "json");
    assert.equal(code, 2);
    const { newlyReachable, guardsLost, noLongerReachable, pathChanged, undecided, unknownInputs } = JSON.parse(out);
    assert.deepEqual(
      [newlyReachable, guardsLost, noLongerReachable, pathChanged, undecided, unknownInputs].map((each) => each.length),
      [4, 1, 4, 0, 0, 0],
    );
    const [first] = newlyReachable;
    assert.deepEqual(
      [first.applications, first.host, first.port, first.protocol, first.before.state, first.after.gateways],
      [["test-app/app-b"], "httpbin.org", 80, "http", "blocked", ["external/egress-httpbin"]],
    );
    assert.equal("key" in first.after, false);
  });

  it("ends with 0 where nothing opens: the same, by other words, or less", async () => {
    const manifests = write(
      "all.yaml",
      readManifests(DEMO)
        .reverse()
        .map(({ manifest }) => dump(manifest))
        .join("---\n"),
    );
    const same = await runCli("diff", DEMO, manifests);
    assert.deepEqual([same.code, same.err], [0, ""]);
    assert.match(same.out, /^Nothing changed/);
    const less = write("Pulumi.less.yaml", readFileSync(DEMO, "utf8").replace("[github, httpbin]", "[github]"));
    const { code, out } = await runCli("diff", DEMO, less);
    assert.equal(code, 0);
    assert.match(out, /^No longer reachable\n {2}- test-app\/app-a {2}http:\/\/httpbin\.org\n/);
  });

  it("reads a preview, and ends with 3 where it does not know yet", async () => {
    const resource = (exportTo: unknown) => ({
      op: "create",
      urn: "urn:pulumi:a::b::kubernetes:networking.istio.io/v1:ServiceEntry::x",
      newState: {
        type: "kubernetes:networking.istio.io/v1:ServiceEntry",
        inputs: {
          apiVersion: "networking.istio.io/v1",
          kind: "ServiceEntry",
          metadata: { name: "x", namespace: "shop" },
          spec: {
            hosts: ["x.com"],
            resolution: "DNS",
            ports: [{ number: 443, name: "tls", protocol: "TLS" }],
            exportTo,
          },
        },
      },
    });
    const preview = (name: string, exportTo: unknown) =>
      write(name, JSON.stringify({ steps: [CLOSED, resource(exportTo)] }));
    const nobody = preview("a.json", ["~"]);
    const { code, out } = await runCli("diff", nobody, preview("b.json", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"));
    assert.equal(code, 3, out);
    assert.match(out, /^Undecided/);
    assert.match(out, /spec\.exportTo/);
    assert.equal((await runCli("diff", nobody, preview("c.json", ["*"]))).code, 2);
  });

  it("ends with 3 where not even the settings of the mesh are known", async () => {
    const newState = {
      type: "kubernetes:helm.sh/v3:Release",
      inputs: { name: "istiod", namespace: "istio-system", chart: "istiod", valueYamlFiles: [{}] },
    };
    const urn = "urn:pulumi:a::b::kubernetes:helm.sh/v3:Release::istiod";
    const preview = write("p.json", JSON.stringify({ steps: [{ op: "create", urn, newState }] }));
    const { code, err } = await runCli("diff", DEMO, preview);
    assert.equal(code, 3);
    assert.match(
      err,
      /^error: Release istio-system\/istiod: spec\.values is not known yet, and every answer depends on it\.\n$/,
    );
  });

  it("knows whose an account is that the stack's config names, and no workload brings", async () => {
    const stack = (name: string, rest: string) =>
      write(
        name,
        `config:
  controlled-egress:destinations: {api: {hosts: [api.example], ports: [{number: 80}]}}
  controlled-egress:applications:
    - {namespace: shop, name: cart, serviceAccount: robot, allow: [api]}
    - {namespace: shop, name: billing, serviceAccount: clerk, allow: [api]${rest}}
`,
      );
    const limited = stack("Pulumi.b.yaml", ", terms: {api: {methods: [POST]}}");
    const { code, out } = await runCli("diff", stack("Pulumi.a.yaml", ""), limited);
    assert.equal(code, 0);
    assert.match(out, /- shop\/billing {2}http:\/\/api\.example \(GET \/, other methods \/\)/);
    assert.doesNotMatch(out, /shop\/cart/);
  });

  it("lets no name break out of a cell of the comment", () => {
    const way = {
      state: "blocked",
      verdict: "blocked",
      gateways: [],
      reason: "a|b <img src=x> [c](d)\n@e `f`",
      key: "",
    } as const;
    const change = {
      applications: ["a/b"],
      target: { host: "h", port: 80, protocol: "http" },
      before: way,
      after: way,
    } as const;
    const none = { newlyReachable: [], pathChanged: [], guardsLost: [], undecided: [], unknownInputs: [] };
    const text = diffMarkdown({ ...none, noLongerReachable: [{ ...change, applications: ["a/b"] }] } as never);
    assert.ok(
      text.includes("| a/b | http://h | before: blocked: a\\|b &lt;img src=x&gt; \\[c\\](d) \\@e \\`f\\` |"),
      text,
    );
  });

  it("refuses bad input with one line: no such file, nothing in it, twice standard input, another format", async () => {
    const empty = write("values.yaml", "replicas: 1\n");
    const cases: [args: string[], code: number, message: RegExp][] = [
      [[DEMO, join(folder, "nowhere")], 65, /^error: .*nowhere: no such file or folder\.\n$/],
      [[DEMO, empty], 65, /^error: .*values\.yaml: holds no Kubernetes objects\..*\n$/],
      [["-", "-"], 64, /^error: the two sides cannot both be standard input\.\n$/],
      [[DEMO], 64, /missing required argument 'after'/],
      [[DEMO, DEMO, "--format", "xml"], 64, /Allowed choices are text, markdown, json/],
    ];
    for (const [args, code, message] of cases) {
      const found = await runCli("diff", ...args);
      assert.equal(found.code, code, args.join(" "));
      assert.equal(found.out, "");
      assert.match(found.err, message);
    }
    assert.deepEqual((({ code, err }) => [code, err])(await runCli("diff", "/dev/null", DEMO)), [0, ""]);
  });
});
