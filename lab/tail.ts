import { existsSync, readFileSync } from "node:fs";

/** The last lines of a file; empty when it is not there. */
export function tail(path: string, lines: number): string {
  if (!existsSync(path)) return "";
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
