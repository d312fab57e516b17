import assert from "node:assert/strict";
import { join } from "node:path";
import { forgetHalfMadeReleases, type ReleaseName, removeStaleLocks } from "../../../demo/repair";
import { readStackFile, type StackSettings } from "../../../demo/stackFile";
import { labEnvironment, labPaths } from "../../../lab";
import { Engine, type Outcome } from "../../support/engine";
import { lab } from "../../support/lab";
import { kubectl } from "./cluster";

/** Opens a stack of a program on the lab, by the real engine. */
export function openStack(config: StackSettings, program?: string): Promise<Engine> {
  const { CONTROLLED_EGRESS_OVERLAY = "" } = labEnvironment();
  return Engine.open({
    config,
    kubeconfig: labPaths().kubeconfig,
    environment: { CONTROLLED_EGRESS_OVERLAY },
    ...(program !== undefined && { program }),
  });
}

/** The demo's stack settings, with some replaced. */
export function demoSettings(replaced: Record<string, unknown> = {}): StackSettings {
  const own = Object.entries(replaced).map(([key, value]) => [`controlled-egress:${key}`, value]);
  return { ...readStackFile("dev"), ...Object.fromEntries(own) };
}

/** The engine's command went well. */
export function assertDone(outcome: Outcome): void {
  assert.equal(outcome.exitCode, 0, `${outcome.stdout}\n${outcome.stderr}`);
}

/** Names and operations of the resources that a command changed. */
export function changes(outcome: Outcome): string[] {
  return outcome.events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op, type }) => op !== "same" && type !== "pulumi:pulumi:Stack" && op !== "refresh" && op !== "read")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

let demo: Engine | undefined;

/** The one stack of the demo that all tests on the lab share. */
export async function demoStack(): Promise<Engine> {
  demo ??= await openStack(demoSettings());
  return demo;
}

/** The demo's stack, up, with the demo's own settings or some replaced. */
export async function demoUp(replaced: Record<string, unknown> = {}): Promise<Engine> {
  const stack = await demoStack();
  stack.writeConfig(demoSettings(replaced));
  await upAgain(stack);
  return stack;
}

/**
 * Brings a stack up on a cluster that the tests before left in some state. Where that fails, it is mended once as
 * `make up` mends: a dead daemon must not fail every test that comes after.
 */
export async function upAgain(stack: Engine): Promise<void> {
  const first = await stack.up("--skip-preview", "--refresh");
  if (first.exitCode === 0) return;
  console.log(`up failed, and is tried once more:\n${first.stdout}\n${first.stderr}`);
  await lab("up");
  removeStaleLocks(join(stack.folder, "state"));
  await forgetHalfMadeReleases(kubectl, await stack.exportState(), await helmReleases());
  assertDone(await stack.up("--skip-preview", "--refresh"));
}

export function closeDemoStack(): void {
  demo?.close();
  demo = undefined;
}

/** All of the cluster: every one of them is of the tests. */
async function helmReleases(): Promise<ReleaseName[]> {
  const records = JSON.parse(await kubectl(["get", "secrets", "-A", "-l", "owner=helm", "-o", "json"])) as {
    items: { metadata: { namespace: string; labels: { name: string } } }[];
  };
  return records.items.map(({ metadata: { namespace, labels } }) => ({ namespace, name: labels.name }));
}
