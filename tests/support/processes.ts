import { readdirSync, readFileSync } from "node:fs";

/** The living processes that have `entry` ("NAME=value") in the environment they were started with. */
export function processesWith(entry: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(pid, "environ").split("\0").includes(entry))
    .map((pid) => ({ pid: Number(pid), command: read(pid, "cmdline").replaceAll("\0", " ").trim() }));
}

// A process that has ended in the meantime, or a zombie, has neither environment nor command line.
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
