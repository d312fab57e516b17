import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A short key for what a thing is made from: any JSON value; equal inputs give equal keys. */
export function cacheKey(madeFrom: unknown): string {
  return createHash("sha256").update(JSON.stringify(madeFrom)).digest("hex").slice(0, 12);
}

/**
 * Makes `path` once. `make` works on a temporary sibling that is renamed when it has ended well, so that a crash leaves
 * nothing half made. Callers hold the lab's lock, so other siblings are a dead process's remains and are removed.
 */
export async function makeOnce(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  await removeTemporaries(path);
  const temporary = `${path}${TEMPORARY}${process.pid}`;
  try {
    await make(temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await rename(temporary, path);
}

const TEMPORARY = ".making-";

async function removeTemporaries(path: string): Promise<void> {
  const prefix = basename(path) + TEMPORARY;
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix)) await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}
