import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "./folders";
import { endProcess, isAlive, ownedProcesses, type ProcessIdentity } from "./processes";

/**
 * Ends what an `up` that was killed left behind, such as a build: processes of the lab that no pid file names, and that
 * are not children of one that is named, nor of a container's shim.
 */
export async function endStrays(folders: Folders): Promise<void> {
  const known = new Set(
    recorded(folders)
      .filter(isAlive)
      .map(({ pid }) => pid),
  );
  for (const process of ownedProcesses(folders.state)) {
    if (!lineage(process.pid).some((pid) => known.has(pid) || nameOf(pid).startsWith("containerd-shim"))) {
      await endProcess(process, 2_000);
    }
  }
}

function recorded(folders: Folders): ProcessIdentity[] {
  try {
    return readdirSync(folders.pids).map(
      (name) => JSON.parse(readFileSync(join(folders.pids, name), "utf8")) as ProcessIdentity,
    );
  } catch {
    return [];
  }
}

/** The process, its parent, and so on. */
function lineage(pid: number): number[] {
  const pids: number[] = [];
  for (let next = pid; next > 1; next = parentOf(next)) pids.push(next);
  return pids;
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

function nameOf(pid: number): string {
  return read(`/proc/${pid}/comm`).trim();
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
