import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheKey } from "./cache";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { endProcess, identify, isAlive, OWNER_VARIABLE, type ProcessIdentity } from "./processes";
import { waitUntil } from "./wait";

/** A process of ours: one that stays until `down` (a daemon) or a long job such as a build. */
export interface Program {
  /** Names its log and its pid file. */
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Added to the environment. */
  environment?: Record<string, string>;
  /** Text of its configuration files: another text means another process. */
  configuration?: string;
}

interface PidFile extends ProcessIdentity {
  fingerprint: string;
}

/** The log of a part; the file may not be there yet. */
export function logFile(folders: Folders, name: string): string {
  return join(folders.logs, `${name}.log`);
}

/**
 * Sees to it that exactly this daemon runs and is ready: an equal one that is alive and ready is left alone, any other
 * of its name is ended first.
 * @throws Error when it ends or is not ready within `timeoutMs`
 */
export async function ensureDaemon(
  folders: Folders,
  program: Program,
  isReady: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const running = readPid(folders, program.name);
  if (running && isAlive(running) && running.fingerprint === fingerprint(program) && (await isReady())) return;
  await stopProgram(folders, program.name, 5_000);
  const identity = startProgram(folders, program);
  const isDecided = await waitUntil(async () => !isAlive(identity) || (await isReady()), { intervalMs: 40, timeoutMs });
  if (!isDecided) throw new Error(`${program.name} was not ready after ${timeoutMs / 1000} s`);
  if (!isAlive(identity)) throw new Error(`${program.name} ended right after its start`);
}

/** Starts it in a session of its own, its output in its log through an opened file, and remembers its id. */
export function startProgram(folders: Folders, program: Program): ProcessIdentity {
  mkdirSync(folders.logs, { recursive: true });
  mkdirSync(folders.pids, { recursive: true });
  const log = openSync(logFile(folders, program.name), "a");
  const child = spawn(program.command, [...program.args], {
    cwd: program.cwd ?? "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...program.environment, [OWNER_VARIABLE]: folders.state },
  });
  closeSync(log);
  let failure: Error | undefined;
  child.on("error", (error) => {
    failure = error;
  });
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new Error(`${program.name} could not be started: ${failure?.message ?? program.command}`);
  const content: PidFile = { ...identity, fingerprint: fingerprint(program) };
  writeIfNew(pidFile(folders, program.name), JSON.stringify(content));
  return identity;
}

/** Ends the process of that name, if it is still the one that we started, and forgets it. */
export async function stopProgram(folders: Folders, name: string, graceMs: number): Promise<void> {
  const running = readPid(folders, name);
  if (running) await endProcess(running, graceMs);
  rmSync(pidFile(folders, name), { force: true });
}

export function isRunning(folders: Folders, name: string): boolean {
  const running = readPid(folders, name);
  return running !== undefined && isAlive(running);
}

/** The id of the part's process, while it lives. */
export function processOf(folders: Folders, name: string): number | undefined {
  return isRunning(folders, name) ? readPid(folders, name)?.pid : undefined;
}

function pidFile(folders: Folders, name: string): string {
  return join(folders.pids, `${name}.json`);
}

function readPid(folders: Folders, name: string): PidFile | undefined {
  try {
    return JSON.parse(readFileSync(pidFile(folders, name), "utf8")) as PidFile;
  } catch {
    return undefined;
  }
}

function fingerprint(program: Program): string {
  return cacheKey(program);
}
