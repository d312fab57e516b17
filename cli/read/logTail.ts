import TailFile from "@logdna/tail-file";
import { type OnLine, podOfPath, splitLines } from "./logFiles";
import { ReadProblem } from "./problem";

/** Milliseconds between two looks at a file. */
const POLL = 500;

/**
 * Gives every line of a file, and then each that is written to it, also after it was rotated or cut, until stopped. `-`
 * cannot be followed: standard input ends by itself. Throws `ReadProblem`.
 */
export async function tailLogFile(file: string, onLine: OnLine, stop: AbortSignal): Promise<void> {
  const tail = new TailFile(file, { startPos: 0, pollFileIntervalMs: POLL });
  const pod = podOfPath(file);
  const ended = new Promise<void>((resolve, reject) => {
    // Not only when stopped: a file that went away and did not come back ends it too.
    tail.on("error", (error) => reject(new ReadProblem(`${file}: cannot be read any more (${error.message}).`)));
    splitLines(tail, (line) => onLine(line, pod)).on("end", resolve);
  });
  try {
    await tail.start();
  } catch (error) {
    throw new ReadProblem(`${file}: cannot be read (${error instanceof Error ? error.message : error}).`);
  }
  stop.addEventListener("abort", () => void tail.quit());
  if (stop.aborted) void tail.quit();
  await ended;
}
