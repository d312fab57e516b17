import { createReadStream, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import split2 from "split2";
import { ReadProblem } from "./problem";

/** Takes a line of a log, and the pod that wrote it where its surroundings tell. */
export type OnLine = (text: string, pod?: LinePod) => void;

export interface LinePod {
  namespace?: string;
  name: string;
}

/** Logs by their usual names, rotated and packed ones too. */
const LOG_NAME = /\.(log|jsonl?|ndjson|txt)(\.[\d-]+)?(\.gz)?$/;
/** As the kubelet keeps them: `NAMESPACE_POD_UID/CONTAINER/0.log` (Kubernetes docs, "Logging architecture"). */
const KUBELET_FILE = /(?:^|\/)([^/_]+)_([^/_]+)_[0-9a-f-]{36}\/([^/]+)\/[^/]+$/;
const PROXY = "istio-proxy";
/** Characters of a line: more than any that Envoy writes. What is longer is no access log, and is passed over. */
const SPLIT = { maxLength: 1_000_000, skipOverflow: true };
const CHUNK = 256 * 1024;

/** The log files that paths name: files as they are, folders deep. Throws `ReadProblem`, also for a folder without any. */
export function logFilesOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path === "-") return [path];
    if (!infoOf(path).isDirectory()) return [path];
    const files = filesIn(path);
    if (files.length === 0) throw new ReadProblem(`${path}: holds no log file (.log, .json, .jsonl, .txt, also .gz).`);
    return files;
  });
}

/** Gives every line of a file, or of standard input (`-`), in order; memory does not grow with it. Throws `ReadProblem`. */
export async function readLogFile(file: string, onLine: OnLine): Promise<void> {
  const source: Readable = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: CHUNK });
  try {
    await readLines(source, file.endsWith(".gz"), onLine, podOfPath(file));
  } catch (error) {
    throw new ReadProblem(`${file}: cannot be read (${error instanceof Error ? error.message : error}).`);
  }
}

async function readLines(source: Readable, packed: boolean, onLine: OnLine, pod: LinePod | undefined): Promise<void> {
  const text = packed ? source.pipe(createGunzip()) : source;
  const lines = splitLines(text, (line) => onLine(line, pod));
  // An error of a source does not reach what it is piped to.
  source.on("error", (error) => lines.destroy(error));
  text.on("error", (error) => lines.destroy(error));
  await finished(lines);
}

/** Calls for each line of a stream. */
export function splitLines(source: Readable, onLine: (line: string) => void) {
  const lines = source.pipe(split2(SPLIT));
  return lines.on("data", onLine);
}

export function podOfPath(file: string): LinePod | undefined {
  const [, namespace, name] = KUBELET_FILE.exec(file) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() ? infoOf(path).isDirectory() : entry.isDirectory()) return filesIn(path);
    const container = KUBELET_FILE.exec(path)?.[3];
    return LOG_NAME.test(entry.name) && (container === undefined || container === PROXY) ? [path] : [];
  });
}

function infoOf(path: string): Stats {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) throw new ReadProblem(`${path}: no such file or folder.`);
  return info;
}
