import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { forgetHalfMadeReleases, removeStaleLocks } from "../../demo/repair";
import { intentOf, releasesOf } from "../../demo/stackFile";
import type { Engine } from "../support/engine";
import { eventually } from "../support/eventually";
import { kubectl } from "./support/cluster";
import { assertDone, demoSettings, demoStack } from "./support/stack";

const PLANNED = releasesOf(intentOf(demoSettings()));
const BACKEND = ["state", ".pulumi", "stacks", "controlled-egress", "test.json"];

/** An `up` that is in the midst of installing a release. */
async function startRelease(stack: Engine, release: string) {
  const checkpoint = join(stack.folder, ...BACKEND);
  const pending = () => {
    const { checkpoint: state } = JSON.parse(readFileSync(checkpoint, "utf8")) as {
      checkpoint: { latest?: { pending_operations?: unknown[] } };
    };
    return JSON.stringify(state.latest?.pending_operations ?? []).includes(`Release-${release}"`);
  };
  return stack.startUp(pending, "--skip-preview");
}

describe("lab: an interrupted up", function () {
  this.timeout(300_000);

  it("goes on after SIGINT", async () => {
    const stack = await demoStack();
    const { process } = await startRelease(stack, "istio-base");
    process.kill("SIGINT");
    await process;
    // Mostly nothing: the provider lets Helm end what it began, where it is given the time.
    await forgetHalfMadeReleases(kubectl, await stack.exportState(), PLANNED);
    assertDone(await stack.up("--skip-preview", "--refresh"));
    assertDone(await stack.preview("--expect-no-changes"));
    assertDone(await stack.destroy());
  });

  it("goes on after kill -9, with the stale lock and Helm's half-made records removed", async () => {
    const stack = await demoStack();
    const { process } = await startRelease(stack, "istiod");
    process.kill("SIGKILL");
    await process;
    await eventually("the engine's children are gone", () => stack.processes().length === 0);
    const locked = await stack.up("--skip-preview");
    assert.notEqual(locked.exitCode, 0);
    assert.match(locked.stderr + locked.stdout, /the stack is currently locked/);
    removeStaleLocks(join(stack.folder, "state"));
    assert.deepEqual(await forgetHalfMadeReleases(kubectl, await stack.exportState(), PLANNED), [
      "istio-system/istiod",
    ]);
    assertDone(await stack.up("--skip-preview", "--refresh"));
    assertDone(await stack.preview("--expect-no-changes"));
  });
});
