import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { identify, isAlive, type ProcessIdentity } from "./processes";

/** A machine holds one lab, whoever started it and wherever its folders are: links, ports and rules are the machine's. */
export const MACHINE_FOLDER = "/run/controlled-egress";
const OWNER = join(MACHINE_FOLDER, "lab.json");

/** What `withLock` puts into the folder that it locks. */
export const LOCK_NAME = "lock";
export const HOLDER_NAME = "holder.json";

interface Holder extends ProcessIdentity {
  verb: string;
}

/** Runs `work` while no other lab command holds the lock of this folder. Waits for a moment, then says who holds it. */
export async function withLock<T>(verb: string, folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  forgetDeadHolder(folder);
  const release = await acquire(folder);
  writeFileSync(join(folder, HOLDER_NAME), JSON.stringify({ ...identify(process.pid), verb }));
  try {
    return await work();
  } finally {
    rmSync(join(folder, HOLDER_NAME), { force: true });
    await release();
    if (folder === MACHINE_FOLDER && !existsSync(OWNER)) rmSync(MACHINE_FOLDER, { recursive: true, force: true });
  }
}

/** @throws Error when the machine's lab is another one than `folders` tell of */
export function assertMachineIsFree(folders: Folders): void {
  const owner = machineOwner();
  if (owner !== undefined && owner !== folders.state && existsSync(owner)) {
    throw new Error(
      `a lab runs on this machine already, its folder is ${owner}: take it down first (lab down, with the same XDG_STATE_HOME and HOME)`,
    );
  }
}

/** From now on the machine's lab is this one. */
export function claimMachine(folders: Folders): void {
  writeIfNew(OWNER, JSON.stringify({ state: folders.state }));
}

/** The counterpart of `claimMachine`; another's claim stays. */
export function releaseMachine(folders: Folders): void {
  if (machineOwner() === folders.state) rmSync(OWNER, { force: true });
}

function machineOwner(): string | undefined {
  return (readJson(OWNER) as { state?: string } | undefined)?.state;
}

/** `stale` outlasts a busy event loop; a holder that was killed is known by its id and not waited for. */
async function acquire(folder: string): Promise<() => Promise<void>> {
  try {
    return await lock(folder, {
      stale: 60_000,
      update: 5_000,
      lockfilePath: join(folder, LOCK_NAME),
      retries: { retries: 10, factor: 1, minTimeout: 300, maxTimeout: 300 },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    const holder = readJson(join(folder, HOLDER_NAME)) as Holder | undefined;
    const who = holder ? `process ${holder.pid}, "lab ${holder.verb}"` : "its process is not known yet";
    throw new Error(`another lab command runs on this machine (${who}); wait for it or end it`);
  }
}

function forgetDeadHolder(folder: string): void {
  const holder = readJson(join(folder, HOLDER_NAME)) as Holder | undefined;
  if (!holder || isAlive(holder)) return;
  rmSync(join(folder, HOLDER_NAME), { force: true });
  rmSync(join(folder, LOCK_NAME), { recursive: true, force: true });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
