import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { fstatSync } from "node:fs";

const children = new Set<ChildProcess>();

/** Starts Node on `args`. It stays in our process group, which the engine interrupts when it is done with us. */
export function startNode(args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, args, options);
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/**
 * Leaves, with all that was started here, when the engine has ended in whatever way, kill -9 included: the engine
 * holds the other end of our stdin as long as it lives. Started by hand (no pipe for stdin) nothing is watched.
 */
export function leaveWithEngine(): void {
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.once("close", endAll).resume();
}

function endAll(): void {
  try {
    process.kill(-process.pid, "SIGKILL"); // the engine made us the leader of a process group
  } catch {
    for (const child of children) child.kill("SIGKILL");
    process.exit(1);
  }
}
