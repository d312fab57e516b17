import { readManifests } from "../cli/read/files";
import type { SourcedManifest } from "../graph/mesh/sourced";
import { judge } from "../graph/rules/judge";
import { benchObjects } from "./intent";

/*
 * One thing measured once, in a process of its own so that its peak of memory is its own:
 * `measure.js PHASE DESTINATIONS [FOLDER]` prints one line of JSON.
 */

export interface Measured {
  milliseconds: number;
  /** Peak of the process, with what comes before the phase. */
  megabytes: number;
  /** Objects made, read or judged. */
  objects: number;
  findings?: number;
}

export type Phase = "objects" | "read" | "rule-1" | "all-rules";

const TODAY = "2026-01-01";
const RULE_1 = ["service-entry-routed-by-egress-gateway"] as const;

function measure(phase: Phase, destinations: number, folder: string): Measured {
  if (phase === "objects") return timed(() => ({ objects: objectsOf(destinations).length }));
  if (phase === "read") return timed(() => ({ objects: readManifests(folder).length }));
  const objects = objectsOf(destinations);
  const only = phase === "rule-1" ? RULE_1 : undefined;
  return timed(() => ({ objects: objects.length, findings: judge(objects, { today: TODAY, only }).length }));
}

function objectsOf(destinations: number): SourcedManifest[] {
  return benchObjects(destinations).map((manifest) => ({ manifest, source: "bench" }));
}

function timed(work: () => Pick<Measured, "objects" | "findings">): Measured {
  const start = performance.now();
  const result = work();
  return {
    milliseconds: performance.now() - start,
    megabytes: process.resourceUsage().maxRSS / 1000,
    ...result,
  };
}

const [phase, destinations, folder = ""] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(measure(phase as Phase, Number(destinations), folder))}\n`);
