import { readFileSync } from "node:fs";
import { run, succeeds } from "./commands";

/** Mount points at or below a folder, the innermost first. */
export function mountPoints(folder: string): string[] {
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((point) => point !== undefined)
    .map(plainPath);
  return points.filter((point) => point === folder || point.startsWith(`${folder}/`)).reverse();
}

/** Unmounts; a mount that is still in use disappears from the tree at once and for good when its last user ends. */
export async function unmount(point: string): Promise<void> {
  if (!(await succeeds("umount", [point]))) await run("umount", ["--lazy", point]);
}

/** The kernel writes a blank in a path as \040. */
function plainPath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
