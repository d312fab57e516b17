import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mapDot } from "../../../cli/render/mapDot";
import { mapMermaid } from "../../../cli/render/mapMermaid";
import { mapTable } from "../../../cli/render/mapTable";
import { flows, withDefaults } from "../../../graph";
import { type EgressMap, mapOfFlows } from "../../../graph/reach/map";
import { demoConfig, ROOT } from "../../support/demo";
import { assertGolden } from "../../support/golden";
import { runCli } from "../../support/runCli";

const DEMO = join(ROOT, "Pulumi.dev.yaml");

/** One edge between names that mean something to each drawing. */
function hostile(name: string): EgressMap {
  return {
    applications: [{ id: `shop/${name}`, namespace: "shop", name }],
    gateways: [],
    destinations: [],
    unknownInputs: [],
    edges: [
      {
        application: `shop/${name}`,
        host: name,
        port: 443,
        protocol: "tls",
        verdict: "direct",
        gateways: [],
        reason: "",
      },
    ],
  };
}

describe("controlled-egress map", () => {
  it("prints a table, with those that reach nothing", async () => {
    const { code, out, err } = await runCli("map", "--from", DEMO);
    assert.equal(code, 0, err);
    assert.match(out, /test-app\/app-a +│ github\.com +│ 80 http, 443 tls +│ external\/egress-github /);
    assert.ok(!out.includes("\u001b"));
    const quiet = { ...hostile("x"), edges: [] };
    assert.equal(mapTable(quiet), "Nothing is reachable.\nReach nothing: shop/x\n");
  });

  it("draws with Mermaid, the same from the objects as from the intent", async () => {
    const { code, out } = await runCli("map", "--from", DEMO, "--format", "mermaid");
    assert.equal(code, 0);
    assertGolden("map.mmd", out);
    assert.ok(readFileSync(join(ROOT, "docs/map.md"), "utf8").includes(out), "docs/map.md shows another map");
    assert.equal(mapMermaid(mapOfFlows(flows(withDefaults(demoConfig())))), out);
  });

  it("draws with Graphviz", async () => {
    const { code, out } = await runCli("map", "--from", DEMO, "--format", "dot");
    assert.equal(code, 0);
    assertGolden("map.dot", out);
  });

  it("prints the model as JSON", async () => {
    const { code, out } = await runCli("map", "--from", DEMO, "--format", "json");
    assert.equal(code, 0);
    const map = JSON.parse(out) as EgressMap;
    assert.deepEqual(
      map.applications.map(({ id }) => id),
      ["test-app/app-a", "test-app/app-b"],
    );
    assert.equal(map.gateways.length, 3);
    assert.equal(map.edges.length, 12);
    assert.deepEqual(map.destinations[0], {
      host: "github.com",
      ports: [
        { number: 80, protocol: "http" },
        { number: 443, protocol: "tls" },
      ],
    });
  });

  it("marks what leaves without a gateway", () => {
    assert.match(mapMermaid(hostile("x")), /a0 ==> d0\n {2}style g0 stroke:#c00/);
    assert.match(mapDot(hostile("x")), /a0 -> d0 \[color=red, style=bold\];/);
    assert.match(mapTable(hostile("x")), /directly!/);
  });

  it("writes every name as text, whatever it holds", () => {
    const name = 'a"]; end\\ <script>`#`*_~{|}\n%%x';
    const mermaid = mapMermaid(hostile(name));
    const label = "a#34;#93;#59; end#92; #60;script#62;#96;#35;#96;#42;#95;#126;#123;#124;#125;#10;#37;#37;x";
    assert.ok(mermaid.includes(`a0(["${label}"])`), mermaid);
    assert.equal(mermaid.split("\n").filter((line) => line.includes("%")).length, 0);
    const dot = mapDot(hostile(name));
    assert.ok(dot.includes('label="a\\"]; end\\\\ <script>`#`*_~{|} %%x"'), dot);
  });

  it("refuses bad input with one line", async () => {
    for (const [args, code, message] of [
      [[], 64, /needs one of --from PATH/],
      [["--from", join(ROOT, "nowhere")], 65, /nowhere: no such file or folder/],
      [["--from", DEMO, "--format", "png"], 64, /Allowed choices are table, mermaid, dot, json/],
    ] as [string[], number, RegExp][]) {
      const found = await runCli("map", ...args);
      assert.equal(found.code, code);
      assert.match(found.err, message);
    }
  });
});
