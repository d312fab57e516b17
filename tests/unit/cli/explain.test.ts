import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../support/demo";
import { runCli as run } from "../../support/runCli";

const ROUTE = join(ROOT, "tests/cases/rules/route.yaml");
const DEMO = join(ROOT, "Pulumi.dev.yaml");

describe("controlled-egress explain", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-explain-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  it("says how a call leaves, hop by hop, and ends with 0", async () => {
    const { code, out, err } = await run("explain", "test-app/app-a", "https://github.com", "--from", DEMO);
    assert.equal(code, 0, err);
    assert.match(out, /gateway: leaves through external\/egress-github to github\.com:443/);
    assert.match(out, /Gateway external\/egress-github spec\.servers\[\d\]/);
  });

  it("prints the same as JSON", async () => {
    const { out } = await run("explain", "test-app/app-a", "http://www.github.com/x?y=1", "--from", DEMO, "--json");
    const answer = JSON.parse(out);
    const { verdict, gateway, destination, seen, path } = answer;
    assert.deepEqual([verdict, gateway, destination], ["gateway", "external/egress-github", "www.github.com:80"]);
    assert.equal(typeof seen, "string");
    for (const hop of path) assert.ok(hop.stage && hop.message);
    assert.ok(path.some((hop: { object?: string; field?: string }) => hop.object && hop.field));
    assert.equal("missing" in answer, false);
  });

  it("ends with 1 where the call is blocked, and names the missing link", async () => {
    const { code, out } = await run("explain", "test-app/app-b", "https://github.com", "--from", DEMO, "--json");
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).verdict, "blocked");
    assert.match(JSON.parse(out).missing, /github\.com/);
  });

  it("ends with 2 where the call leaves directly", async () => {
    const file = write(
      "direct.yaml",
      "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: x, namespace: shop}\nspec: {hosts: [x.com], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}\n",
    );
    const { code, out } = await run("explain", "shop?app=orders", "https://x.com", "--from", file);
    assert.equal(code, 2);
    assert.match(out, /direct: leaves the mesh without a gateway to x\.com:443/);
    assert.match(out, /direct\.yaml:1/);
  });

  it("ends with 3 where a value is not known", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const spec = { hosts: ["x.com"], resolution: "DNS", ports: [{ number: 443, name: "tls", protocol: "TLS" }] };
    const inputs = {
      apiVersion: "networking.istio.io/v1",
      kind: "ServiceEntry",
      metadata: { name: "x", namespace: "shop" },
    };
    const newState = {
      type: "kubernetes:networking.istio.io/v1:ServiceEntry",
      inputs: { ...inputs, spec: { ...spec, exportTo: unknown } },
    };
    const file = write(
      "preview.json",
      JSON.stringify({ steps: [{ op: "create", urn: "urn:pulumi:a::b::c::x", newState }] }),
    );
    const { code, out } = await run("explain", "shop?app=orders", "https://x.com", "--from", file);
    assert.equal(code, 3, out);
    assert.match(out, /unknown: .*spec\.exportTo/);
  });

  it("finds a workload by name or labels, and says which it does not find", async () => {
    const file = write(
      "apps.yaml",
      `${readFileSync(ROUTE, "utf8")}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders, namespace: shop}\nspec: {template: {metadata: {labels: {app: orders}}, spec: {containers: [{name: a}]}}}\n`,
    );
    const url = "http://api.example.com";
    assert.equal((await run("explain", "shop/orders", url, "--from", file)).code, 0);
    assert.equal((await run("explain", "shop?app=orders", url, "--from", file)).code, 0);
    const { code, err } = await run("explain", "shop/oders", url, "--from", file);
    assert.equal(code, 67);
    assert.equal(err, 'error: workload "shop/oders" is not among the objects. Did you mean "shop/orders"?\n');
  });

  const BAD: [title: string, args: string[], message: RegExp][] = [
    ["no question", ["--from", DEMO], /needs a workload and a URL/],
    ["no --from", ["a/b", "http://x"], /needs one of --from PATH/],
    ["an option that there is not", ["a/b", "http://x", "--from", DEMO, "--jsno"], /unknown option '--jsno'/],
    ["no URL", ["test-app/app-a", "github.com", "--from", DEMO], /"github\.com" is no URL/],
    [
      "another protocol",
      ["test-app/app-a", "ftp://github.com", "--from", DEMO],
      /no http:\/\/, https:\/\/ or tcp:\/\/ URL/,
    ],
    ["tcp without a port", ["test-app/app-a", "tcp://github.com", "--from", DEMO], /has no port/],
    ["a workload without a namespace", ["app-a", "http://x", "--from", DEMO], /neither namespace\/name nor/],
    [
      "an address that is none",
      ["test-app/app-a", "http://x", "--from", DEMO, "--address", "1.2.3"],
      /"1\.2\.3" is no IP/,
    ],
  ];
  for (const [title, args, message] of BAD) {
    it(`ends with 64 for a bad question: ${title}`, async () => {
      const { code, out, err } = await run("explain", ...args);
      assert.equal(code, 64);
      assert.equal(out, "");
      assert.match(err, message);
      assert.doesNotMatch(err, /\n\s+at /);
    });
  }

  it("ends with 65 for a broken input, with file and line", async () => {
    const { code, err } = await run(
      "explain",
      "a/b",
      "http://x",
      "--from",
      write("x.yaml", "apiVersion: v1\nkind: [\n"),
    );
    assert.equal(code, 65);
    assert.match(err, /^error: .*x\.yaml:\d+: /);
  });

  it("knows TCP hosts by name and by address, ranges by address, and TLS of the gateway's own", async () => {
    const stack = write(
      "Pulumi.tcp.yaml",
      `config:
  controlled-egress:destinations:
    db: {hosts: [db.example.org], addresses: {db.example.org: [198.51.100.7, "2001:db8::7"]}, ports: [{number: 5432, protocol: TCP}]}
    lan: {cidrs: [198.51.100.64/31], ports: [{number: 22, protocol: TCP}]}
    api: {hosts: [api.example.org], ports: [{number: 80, originateTls: {}}]}
  controlled-egress:applications: [{namespace: shop, name: cart, allow: [db, lan, api]}]
`,
    );
    const ask = async (url: string) => {
      const { out } = await run("explain", "shop/cart", url, "--service-account", "cart", "--from", stack, "--json");
      const { verdict, gateway, destination, address, tls } = JSON.parse(out);
      return [verdict, gateway, destination, address, tls?.sni].filter((part) => part !== undefined).join(" ");
    };
    const db = "gateway external/egress-db db.example.org:5432";
    assert.equal(await ask("tcp://db.example.org:5432"), db);
    assert.equal(await ask("tcp://198.51.100.7:5432"), db);
    assert.equal(await ask("tcp://[2001:db8::7]:5432"), db);
    assert.equal(await ask("tcp://198.51.100.8:5432"), "blocked");
    assert.equal(await ask("tcp://198.51.100.7:5433"), "blocked");
    assert.equal(
      await ask("tcp://198.51.100.65:22"),
      "gateway external/egress-lan 198-51-100-65.lan.cidr.internal:22 198.51.100.65:22",
    );
    assert.equal(await ask("tcp://198.51.100.66:22"), "blocked");
    assert.equal(await ask("tcp://198.51.100.64:5432"), "blocked");
    assert.equal(
      await ask("http://api.example.org"),
      "gateway external/egress-api api.example.org:443 api.example.org",
    );
    assert.equal(await ask("https://api.example.org"), "blocked");
    const { out } = await run(
      "explain",
      "shop/cart",
      "http://api.example.org",
      "--service-account",
      "cart",
      "--from",
      stack,
    );
    assert.match(out, /leaves through external\/egress-api to api.example.org:443, by TLS of the gateway's own/);
  });

  it("answers a file of questions in order, bad lines too", async () => {
    const calls = write(
      "calls.jsonl",
      [
        { workload: "test-app/app-a", url: "https://github.com" },
        "no json",
        { workload: "test-app/app-b", url: "https://github.com" },
        { workload: "test-app/app-a" },
        { workload: "test-app/app-z", url: "https://github.com" },
        {
          workload: "test-app/app-a",
          url: "http://github.com",
          method: "POST",
          headers: { "x-a": "b" },
          address: "192.0.2.1",
        },
      ]
        .map((line) => (typeof line === "string" ? line : JSON.stringify(line)))
        .join("\n"),
    );
    const { code, out } = await run("explain", "--calls", calls, "--from", DEMO, "--json");
    assert.equal(code, 65);
    const answers = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      answers.map(({ verdict, error }) => verdict ?? /^no JSON|url|app-z/.exec(error)?.[0]),
      ["gateway", "no JSON", "blocked", "url", "app-z", "gateway"],
    );
  });

  it("ends with 0 where every question of a file was one, whatever the answers", async () => {
    const line = JSON.stringify({ workload: "test-app/app-b", url: "https://github.com" });
    const { code, out } = await run(
      "explain",
      "--calls",
      write("c.jsonl", `${line}\n`.repeat(1200)),
      "--from",
      DEMO,
      "--json",
    );
    assert.equal(code, 0);
    assert.equal(out.trimEnd().split("\n").length, 1200);
  });

  it("reads standard input, as a program of its own", async function () {
    this.timeout(20_000);
    const program = join(ROOT, "cli/controlled-egress.js");
    const options = { input: readFileSync(ROUTE, "utf8"), reject: false };
    const args = ["explain", "shop?app=orders", "https://api.example.com", "--from", "-", "--json"];
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], options);
    assert.equal(stderr, "");
    assert.equal(exitCode, 0);
    assert.equal(JSON.parse(stdout).gateway, "istio-system/istio-egressgateway");
  });
});
