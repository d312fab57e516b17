import assert from "node:assert/strict";
import { type Attacked, attack } from "../../attack/attack";
import { CONTROLLED } from "../../attack/grounds/controlled";
import { ORIGINAL } from "../../attack/grounds/original";
import { addBystanders, addOriginal, clear } from "../../attack/stages";
import { attackTable, comparison } from "../../attack/table";
import { kubectl } from "./support/cluster";
import { outsideGone, outsideStack } from "./support/outside";

/** What the README says of the two layouts. */
const LEAST_ATTEMPTS = 30;

describe("lab: attacks from hostile pods", function () {
  this.timeout(600_000);
  let ours: Attacked[];
  let original: Attacked[];
  before(async () => {
    await outsideStack();
    await addBystanders(kubectl, CONTROLLED);
    ours = await attack(kubectl, CONTROLLED, () => {});
    await clear(kubectl, CONTROLLED);
    await addOriginal(kubectl);
    original = await attack(kubectl, ORIGINAL, () => {});
    console.log(`${attackTable(ours)}\n${attackTable(original)}\n${comparison(ours, original)}`);
  });
  after(async () => {
    await clear(kubectl, ORIGINAL);
    await outsideGone();
  });

  it(`are at least ${LEAST_ATTEMPTS}, each beside a twin that works`, () => {
    assert.ok(ours.length >= LEAST_ATTEMPTS);
    const dead = ours.filter(({ twinWorked }) => !twinWorked);
    assert.deepEqual(
      dead.map(({ attempt, twinOutput }) => `${attempt.title}: ${twinOutput}`),
      [],
    );
  });

  it("do not get through, but for the limits that the README states", () => {
    const through = ours.filter((one) => one.through && one.attempt.stated === undefined);
    assert.deepEqual(
      through.map(({ attempt, output }) => `${attempt.title}: ${output}`),
      [],
    );
  });

  it("are stopped by the layer that is said to, and it shows", () => {
    const silent = ours.filter(({ through, evidence }) => !through && evidence === undefined);
    assert.deepEqual(
      silent.map(({ attempt, output }) => `${attempt.title}, by the ${attempt.stoppedBy}: ${output}`),
      [],
    );
  });

  it("get through in number with the demo's original layout", () => {
    const count = (attacked: Attacked[]) => attacked.filter(({ through }) => through).length;
    assert.ok(count(original) > 10 + count(ours), comparison(ours, original));
  });
});
