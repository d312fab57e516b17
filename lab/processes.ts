import { readdirSync, readFileSync } from "node:fs";
import { waitUntil } from "./wait";

/** Which process, beyond doubt: ids are given anew, but never with the same start in the same boot. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot, from /proc/PID/stat. */
  startTime: string;
  bootId: string;
}

/** Set in the environment of each process that the lab starts; children such as containerd's shims inherit it. */
export const OWNER_VARIABLE = "CONTROLLED_EGRESS_LAB_OWNER";

/** Undefined when there is no such process, or it is a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return { pid, startTime: fields[19] ?? "", bootId: bootId() };
  } catch {
    return undefined;
  }
}

export function isAlive(process: ProcessIdentity): boolean {
  const now = identify(process.pid);
  return now !== undefined && now.startTime === process.startTime && now.bootId === process.bootId;
}

/** Ends one process: TERM, then KILL after `graceMs`; KILL at once when that is 0. Returns when it is gone. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    signal(identity, "SIGTERM");
    if (await waitUntil(() => !isAlive(identity), { intervalMs: 20, timeoutMs: graceMs })) return;
  }
  signal(identity, "SIGKILL");
  if (await waitUntil(() => !isAlive(identity), { intervalMs: 10, timeoutMs: 10_000 })) return;
  throw new Error(`process ${identity.pid} does not end`);
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Every living process started by the lab whose state folder is `owner`, the calling process excepted. */
export function ownedProcesses(owner: string): ProcessIdentity[] {
  const mark = `${OWNER_VARIABLE}=${owner}`;
  return allPids()
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark))
    .map(identify)
    .filter((found) => found !== undefined);
}

/** Living processes with this command name (as in /proc/PID/comm, at most 15 letters). */
export function processesNamed(name: string): ProcessIdentity[] {
  return allPids()
    .filter((pid) => read(`/proc/${pid}/comm`).trim() === name)
    .map(identify)
    .filter((found) => found !== undefined);
}

export function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function environmentOf(pid: number): string[] {
  return read(`/proc/${pid}/environ`).split("\0");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

let knownBootId: string | undefined;
function bootId(): string {
  knownBootId ??= read("/proc/sys/kernel/random/boot_id").trim();
  return knownBootId;
}
