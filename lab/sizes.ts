import { existsSync } from "node:fs";
import { run } from "./commands";

/** A folder's size as `du` tells it, e.g. `1.2G`; other file systems mounted below do not count. */
export async function folderSize(path: string): Promise<string> {
  if (!existsSync(path)) return "-";
  const text = await run("du", ["--summarize", "--human-readable", "--one-file-system", path]).catch(() => "");
  return text.split("\t")[0] || "-";
}
