import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { dump } from "js-yaml";
import { readManifests } from "../cli/read/files";

const ROOT = join(__dirname, "..");

/** Milliseconds of one `explain` on a folder of the demo's manifests, from starting the process to its end; median. */
export async function startUp(runs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "controlled-egress-demo-"));
  try {
    const objects = readManifests(join(ROOT, "Pulumi.dev.yaml"));
    writeFileSync(join(folder, "demo.yaml"), objects.map(({ manifest }) => dump(manifest)).join("---\n"));
    await execa("npx", ["tsc", "-p", "tsconfig.build.json"], { cwd: ROOT });
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await once(folder));
    return times.sort((a, b) => a - b)[Math.floor(runs / 2)] as number;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function once(folder: string): Promise<number> {
  const program = join(ROOT, "cli/controlled-egress.js");
  const start = performance.now();
  await execa(process.execPath, [program, "explain", "test-app/app-a", "https://github.com", "--from", folder]);
  return performance.now() - start;
}
