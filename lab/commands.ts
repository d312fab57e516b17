import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { execa } from "execa";
import { logFile } from "./daemon";
import type { Folders } from "./folders";
import { OWNER_VARIABLE } from "./processes";

/** Runs a short command and returns its output without the last line end. Throws with the command and its error output. */
export async function run(command: string, args: readonly string[], input?: string): Promise<string> {
  const result = await execa(command, args, { input: input ?? "", reject: false, stdin: "pipe" });
  if (result.failed) {
    throw new Error(`${[command, ...args].join(" ")}: ${(result.stderr || result.shortMessage || "").trim()}`);
  }
  return result.stdout;
}

/** Like `run`, but tells only whether it ended well. */
export async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return !(await execa(command, args, { reject: false, stdin: "ignore" })).failed;
}

export interface LoggedCommand {
  command: string;
  args: readonly string[];
  cwd?: string;
  environment?: Record<string, string>;
}

const jobs = new Set<number>();

/**
 * Runs a long command with all its output in the log of `name`. It is the leader of a process group of its own, so that
 * `endJobs` ends its children too.
 */
export async function runLogged(folders: Folders, name: string, what: LoggedCommand): Promise<void> {
  mkdirSync(folders.logs, { recursive: true });
  const log = openSync(logFile(folders, name), "a");
  // The file itself, not a pipe: a grandchild that keeps a pipe open would hold up the end.
  const child = spawn(what.command, [...what.args], {
    cwd: what.cwd ?? "/",
    env: { ...process.env, ...what.environment, [OWNER_VARIABLE]: folders.state },
    stdio: ["ignore", log, log],
    detached: true,
  });
  if (child.pid) jobs.add(child.pid);
  const [code, signal] = (await once(child, "exit").finally(() => closeSync(log))) as [number | null, string | null];
  if (child.pid) jobs.delete(child.pid);
  if (code !== 0) throw new Error(`${what.command} ${what.args[0] ?? ""} ended with ${signal ?? `exit code ${code}`}`);
}

/** Ends every running long command of this process, children included. */
export function endJobs(): void {
  for (const pid of jobs) {
    try {
      process.kill(-pid, "SIGTERM");
    } catch {
      // It ended in the meantime.
    }
  }
}
