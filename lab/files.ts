import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a text file unless it says just that: kube-proxy, for one, ends when its configuration is written again. The
 * file appears whole or not at all.
 */
export function writeIfNew(path: string, text: string, mode = 0o644): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
