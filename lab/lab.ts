import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import pc from "picocolors";
import { endJobs } from "./commands";
import { logFile } from "./daemon";
import type { Folders } from "./folders";
import { hostMessage, missingGo, missingOnHost, otherNodes } from "./host";
import { pulumiIsInstalled } from "./installedPulumi";
import {
  assertMachineIsFree,
  claimMachine,
  HOLDER_NAME,
  LOCK_NAME,
  MACHINE_FOLDER,
  releaseMachine,
  withLock,
} from "./lock";
import { removeIntermediates } from "./programs";
import { Progress } from "./progress";
import { bringUp, findProblems, StepFailure, takeDown } from "./schedule";
import type { Step } from "./step";
import { STEPS, withNeeds } from "./steps";
import { endStrays } from "./strays";
import { tail } from "./tail";

/**
 * Brings the lab up from whatever state it is in. What runs and is well is left alone; what does not is
 * started. When the remains of a crash will not run again, all is taken down and made anew.
 * @throws Error whose message is for the user
 */
export async function up(folders: Folders): Promise<void> {
  refuse(missingOnHost());
  await withLock("up", MACHINE_FOLDER, async () => {
    assertMachineIsFree(folders);
    refuse(otherNodes(folders));
    claimMachine(folders);
    await endStrays(folders);
    const hadRemains = existsSync(folders.kubeconfig);
    try {
      await bringUpShown(STEPS, folders);
    } catch (error) {
      if (!hadRemains) throw error;
      console.log(`${explain(error, folders)}\nWhat was left of an earlier lab does not run again: it is made anew.`);
      await takeDown(STEPS, folders);
      await bringUpShown(STEPS, folders);
    }
  }).catch((error: unknown) => {
    throw new Error(explain(error, folders));
  });
}

/**
 * Brings up only these steps with what they need, for a user who has a cluster: `["pulumi"]` asks for Go, and neither for
 * root nor for Linux.
 * @throws Error whose message is for the user
 */
export async function upOnly(folders: Folders, names: readonly string[]): Promise<void> {
  const steps = withNeeds(names);
  if (steps.some(({ name }) => name === "machine"))
    throw new Error(`${names.join(", ")}: only with the whole lab (lab up)`);
  if (!pulumiIsInstalled(folders)) {
    const [noGo] = missingGo();
    if (noGo) throw new Error(`${noGo} Or install Pulumi, with its plugin for Kubernetes: then yours is used.`);
  }
  mkdirSync(folders.cache, { recursive: true });
  await withLock("up", folders.cache, async () => {
    await bringUpShown(steps, folders);
    removeIntermediates(folders);
  }).catch((error: unknown) => {
    throw new Error(explain(error, folders));
  });
}

/** Takes everything away that is not in the cache, from any state; a second time it finds nothing to do. */
export async function down(folders: Folders): Promise<void> {
  await withLock("down", MACHINE_FOLDER, async () => {
    assertMachineIsFree(folders);
    await takeDown(STEPS, folders);
    releaseMachine(folders);
  }).catch((error: unknown) => {
    throw new Error(explain(error, folders));
  });
}

/** What is wrong, by step's name: empty when the lab is up and well. */
export function problems(folders: Folders, steps: readonly Step[] = STEPS): Promise<Map<string, string>> {
  return findProblems(steps, folders);
}

/** Removes all that was built or downloaded. @throws Error while the lab runs */
export async function cleanCache(folders: Folders): Promise<void> {
  if (existsSync(folders.state)) throw new Error("the lab is up and uses its cache: take it down first (lab down)");
  if (!existsSync(folders.cache)) return;
  await withLock("clean-cache", folders.cache, async () => {
    for (const name of readdirSync(folders.cache).filter(isContent)) {
      await rm(join(folders.cache, name), { recursive: true, force: true });
    }
  });
}

function refuse(missing: readonly string[]): void {
  if (missing.length > 0) throw new Error(hostMessage(missing));
}

/** The lock itself lies there too. */
function isContent(name: string): boolean {
  return name !== LOCK_NAME && name !== HOLDER_NAME;
}

async function bringUpShown(steps: readonly Step[], folders: Folders): Promise<void> {
  const progress = new Progress(steps.length);
  try {
    await bringUp(steps, folders, progress, endJobs);
    progress.close(pc.green(steps === STEPS ? "the lab is up" : "done"));
  } catch (error) {
    progress.close(pc.red(steps === STEPS ? "✗ the lab is not up" : "✗ not done"));
    throw error;
  }
}

function explain(error: unknown, folders: Folders): string {
  if (!(error instanceof StepFailure)) return error instanceof Error ? error.message : String(error);
  const log = logFile(folders, error.step.name);
  const logged = tail(log, 15);
  const why = logged === "" ? "" : `\nThe end of ${log}:\n${logged.replace(/^/gm, "    ")}`;
  return `✗ ${error.message}${why}`;
}
