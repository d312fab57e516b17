import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

/** Gigabytes that are free where `path` is or will be. */
export function freeGigabytes(path: string): number {
  if (!existsSync(path)) return freeGigabytes(dirname(path));
  const { bavail, bsize } = statfsSync(path);
  return (bavail * bsize) / 1e9;
}
