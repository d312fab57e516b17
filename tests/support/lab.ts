import { execa } from "execa";
import { ROOT } from "./demo";

/** Runs a command of the lab, its progress shown as it comes. Throws when it fails. */
export async function lab(...args: string[]): Promise<void> {
  const result = await execa(process.execPath, ["-r", "ts-node/register/transpile-only", "lab/main.ts", ...args], {
    cwd: ROOT,
    reject: false,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.failed) throw new Error(`lab ${args.join(" ")} failed; what went wrong stands above`);
}
