import assert from "node:assert/strict";
import { labFolders } from "../../../lab/folders";
import { bringUp, findProblems, inOrderOfNeeds, takeDown } from "../../../lab/schedule";
import type { Step } from "../../../lab/step";
import { STEPS, withNeeds } from "../../../lab/steps";

const folders = labFolders({ HOME: "/nowhere" });
const silent = { started() {}, said() {}, ended() {} };

/** A step that writes down what is done with it. */
function step(name: string, needs: string[], log: string[], fails = false): Step {
  return {
    name,
    title: name,
    needs,
    async up() {
      log.push(`up ${name}`);
      if (fails) throw new Error("no luck");
    },
    async down() {
      log.push(`down ${name}`);
      if (fails) throw new Error("no luck");
    },
    check: async () => (fails ? "broken" : undefined),
  };
}

describe("lab: the order of steps", () => {
  it("brings each up after those that it needs, whatever the order of the list", async () => {
    const log: string[] = [];
    await bringUp([step("c", ["b"], log), step("a", [], log), step("b", ["a"], log)], folders, silent, () => {});
    assert.deepEqual(log, ["up a", "up b", "up c"]);
  });

  it("begins nothing after a failure, cuts short what runs and names the step", async () => {
    const log: string[] = [];
    let cut = 0;
    const steps = [step("a", [], log, true), step("b", ["a"], log)];
    await assert.rejects(
      bringUp(steps, folders, silent, () => cut++),
      /^Error: a: no luck$/,
    );
    assert.deepEqual([log, cut], [["up a"], 1]);
  });

  it("takes down from the last to the first, past one that fails", async () => {
    const log: string[] = [];
    const steps = [step("a", [], log), step("b", ["a"], log, true), step("c", ["b"], log)];
    await assert.rejects(takeDown(steps, folders), /b: no luck/);
    assert.deepEqual(log, ["down c", "down b", "down a"]);
  });

  it("tells what is wrong by name", async () => {
    assert.deepEqual(
      [...(await findProblems([step("a", [], []), step("b", [], [], true)], folders))],
      [["b", "broken"]],
    );
  });

  it("refuses a circle and a need that is not there", () => {
    assert.throws(() => inOrderOfNeeds([step("a", ["b"], []), step("b", ["a"], [])]), /need one another.*a, b/);
    assert.throws(() => inOrderOfNeeds([step("a", ["zzz"], [])]), /one that is not there: a/);
  });

  it("holds for the lab's own steps, whose names are unique", () => {
    assert.equal(inOrderOfNeeds(STEPS).length, STEPS.length);
    assert.equal(new Set(STEPS.map(({ name }) => name)).size, STEPS.length);
  });

  it("picks a step with all that it needs, and nothing else", () => {
    assert.deepEqual(
      withNeeds(["pulumi"])
        .map(({ name }) => name)
        .sort(),
      ["build-provider", "build-pulumi", "pulumi"],
    );
    assert.throws(() => withNeeds(["pulimi"]), /there is no step "pulimi"; the steps are: .*pulumi/);
  });
});
