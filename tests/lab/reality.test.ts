import assert from "node:assert/strict";
import { generated } from "./reality/generated";
import { handMade } from "./reality/handMade";
import { overlooked } from "./reality/overlooked";
import { type CaseResult, clear, report, runCase } from "./reality/runCase";
import { World } from "./reality/world";
import { demoUp } from "./support/stack";

/**
 * Against reality: every case is applied to the cluster, its calls are made from pods, and what Envoy did is compared with the verdict
 * of `explain` on the live objects. A difference is a fault of ours.
 */
describe("lab: verdicts against reality", function () {
  this.timeout(60_000);
  const cases = [...handMade(), ...generated(60, 1)];
  const results: CaseResult[] = [];
  let world: World | undefined;
  before(async function () {
    this.timeout(300_000);
    await demoUp(); // Istio is part of the stack
    world = await World.open();
  });
  after(async function () {
    this.timeout(120_000);
    if (world === undefined) return;
    await clear(world);
    await world.close();
  });

  for (const each of cases)
    it(each.title, async () => {
      assert.ok(world);
      const result = await runCase(world, each);
      results.push(result);
      assert.ok(
        result.results.every(({ difference }) => difference === undefined),
        report(world, result),
      );
    });

  it("saw at least 150 cases, calls of every verdict, and few that explain leaves open", () => {
    const found = results.flatMap((result) => result.results.map(({ verdict }) => verdict));
    const verdicts = found.map(({ verdict }) => verdict);
    assert.ok(results.length >= 150, `${results.length} cases`);
    for (const kind of ["gateway", "direct", "blocked", "in-mesh"]) assert.ok(verdicts.includes(kind as never), kind);
    const open = found.filter(({ outcomes }) => outcomes.some(({ verdict }) => verdict === "unknown")).length;
    assert.ok(open * 50 < verdicts.length, `${open} of ${verdicts.length} calls are left open`);
  });

  it("finds in the proxies' own logs no way out that a verdict denies", () => {
    assert.ok(world);
    assert.deepEqual(overlooked(world, results), []);
  });
});
