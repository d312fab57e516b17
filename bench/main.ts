import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { kin } from "./kin";
import { writeManifests } from "./manifests";
import type { Measured, Phase } from "./measure";
import { startUp } from "./startUp";

/*
 * `make bench [SIZES=100,1000]`: what the graph costs, as `name: value unit` a line. Each number is the median of some
 * runs, each in a process of its own; beside them, on the same manifests, the nearest kin that this machine has.
 */

const ROOT = join(__dirname, "..");
const SIZES = (process.env.SIZES ?? "100,1000,10000").split(",").map(Number);
const RUNS = Number(process.env.RUNS ?? 3);
const PHASES: readonly Phase[] = ["objects", "read", "rule-1", "all-rules"];
/**
 * The aims of the project; what is missed ends the bench with 1. It took a destination for five objects; the bench makes
 * seven of it (its application has a Sidecar, a ServiceAccount and a Deployment), so the time of so many objects is
 * printed as well.
 */
const AIM = { destinations: 10_000, objects: 50_000, milliseconds: 2000, megabytes: 500, growth: 12 };

async function main(): Promise<void> {
  // What was compiled from files that have moved since would be loaded instead of them.
  rmSync(join(ROOT, "bin/bench"), { recursive: true, force: true });
  await execa("npx", ["tsc", "-p", "bench"], { cwd: ROOT, stdio: "inherit" });
  const folder = mkdtempSync(join(tmpdir(), "controlled-egress-bench-"));
  const missed: string[] = [];
  const times = new Map<string, number>();
  try {
    for (const size of SIZES) {
      const manifests = join(folder, String(size));
      writeManifests(size, manifests);
      for (const phase of PHASES) {
        const { milliseconds, megabytes, objects } = await median(phase, size, manifests);
        const name = `${phase}-${size}`;
        print(`${name}-objects`, objects, "objects");
        print(`${name}-time`, milliseconds, "ms");
        print(`${name}-memory`, megabytes, "MB");
        times.set(name, milliseconds);
        const before = times.get(`${phase}-${size / 10}`);
        if (before !== undefined) print(`${name}-growth`, milliseconds / before, "times");
        if (phase === "all-rules")
          print(`${name}-time-of-${AIM.objects}`, (milliseconds / objects) * AIM.objects, "ms");
        if (phase === "all-rules") missed.push(...missedAims(size, milliseconds, megabytes, before));
      }
      for (const { name, value, unit } of await kin(manifests, size)) print(`${name}-${size}`, value, unit);
    }
    print("explain-demo-time", await startUp(RUNS), "ms");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const each of missed) console.error(`missed: ${each}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

function missedAims(size: number, milliseconds: number, megabytes: number, before: number | undefined): string[] {
  if (size !== AIM.destinations) return [];
  const growth = before === undefined ? 0 : milliseconds / before;
  return [
    ...(milliseconds > AIM.milliseconds
      ? [`all rules took ${Math.round(milliseconds)} ms, aim ${AIM.milliseconds}`]
      : []),
    ...(megabytes > AIM.megabytes ? [`all rules took ${Math.round(megabytes)} MB, aim ${AIM.megabytes}`] : []),
    ...(growth > AIM.growth ? [`all rules grew ${growth.toFixed(1)} times, aim ${AIM.growth}`] : []),
  ];
}

async function median(phase: Phase, size: number, folder: string): Promise<Measured> {
  const runs: Measured[] = [];
  for (let run = 0; run < RUNS; run++) {
    const script = join(ROOT, "bin/bench/bench/measure.js");
    const { stdout } = await execa(process.execPath, [script, phase, String(size), folder]);
    runs.push(JSON.parse(stdout));
  }
  runs.sort((a, b) => a.milliseconds - b.milliseconds);
  return runs[Math.floor(runs.length / 2)] as Measured;
}

function print(name: string, value: number, unit: string): void {
  console.log(`${name}: ${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${unit}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
