/**
 * Compares `explain` with the oracle on random meshes: `differ.ts [--runs N] [--seed S] [--depth kind|full] [--shrink N] [--only TEXT]`.
 * Prints a table of differences by kind, and a reduced counterexample as YAML for the first ones. Exit code 1 if there are any.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { stringify } from "yaml";
import { explain } from "../../graph/explain/explain";
import type { Verdict } from "../../graph/explain/types";
import type { Manifest } from "../../graph/manifest";
import { buildMesh } from "../../graph/mesh/mesh";
import { compare, type Depth, type Difference, hasTies } from "./compare";
import { CALLS } from "./generate/calls";
import { manifestsOf, randomMesh } from "./generate/mesh";
import { Oracle, type OracleAnswer, type OracleCall } from "./oracle";
import { reduceManifests } from "./reduce";

interface Case {
  manifests: Manifest[];
  meshConfig: Record<string, unknown>;
}

interface Found extends Difference {
  at: Case;
  call: OracleCall;
  /** Hops of the oracle and path of `explain`, for reading. */
  why: string;
}

const { values: flags } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    depth: { type: "string", default: "full" },
    shrink: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    "no-gateway-api": { type: "boolean", default: false },
  },
});
const depth = flags.depth as Depth;

/** Without what the API server refuses: both sides must see the same objects. */
function admitted(manifests: Manifest[], answer: OracleAnswer): Manifest[] {
  const refused = new Set((answer.rejected ?? []).map((r) => r.object));
  return manifests.filter((m) => !refused.has(`${m.kind} ${m.metadata.namespace ?? ""}/${m.metadata.name}`));
}

function explained(at: Case, calls: OracleCall[]): (Verdict | Error)[] {
  const mesh = buildMesh(
    at.manifests.map((manifest) => ({ manifest })),
    { meshConfig: at.meshConfig },
  );
  return calls.map((call) => {
    try {
      const workload = { ...call.workload, labels: call.workload.labels ?? {}, injected: true };
      return explain(mesh, { ...call, workload });
    } catch (error) {
      return error as Error;
    }
  });
}

async function differences(
  oracle: Oracle,
  at: Case,
  calls: OracleCall[],
  tally: Map<string, number>,
  asked: Promise<OracleAnswer> = oracle.ask({ ...at, calls }),
): Promise<Found[]> {
  const answer = await asked;
  if (answer.error) throw new Error(`oracle: ${answer.error}\n${JSON.stringify(at)}`);
  const clean = { ...at, manifests: admitted(at.manifests, answer) };
  const verdicts = explained(clean, calls);
  const found: Found[] = [];
  const tied = hasTies(clean.manifests);
  let swapped: OracleAnswer | undefined;
  for (const [i, call] of calls.entries()) {
    const theirs = answer.calls?.[i];
    const verdict = verdicts[i];
    if (!theirs || !verdict) continue;
    if (verdict instanceof Error) {
      found.push({
        signature: `explain throws ${verdict.message.slice(0, 60)}`,
        oracle: theirs.outcome.kind,
        explain: String(verdict.stack),
        at: clean,
        call,
        why: "",
      });
      continue;
    }
    count(tally, verdict.verdict === "unknown" ? `unknown: ${verdict.reason}` : `${verdict.verdict}`);
    let difference = compare(theirs, verdict, depth, tied);
    if (difference) {
      // Which proxy connects first may decide the gateway's scope (GW-R12); either answer of Istio's counts.
      swapped ??= await oracle.ask({ ...clean, calls, sidecarsFirst: true });
      const other = swapped.calls?.[i];
      if (other && !compare(other, verdict, depth, tied)) difference = undefined;
    }
    if (difference) found.push({ ...difference, at: clean, call, why: whyOf(theirs, verdict) });
  }
  return found;
}

function whyOf(theirs: NonNullable<OracleAnswer["calls"]>[number], verdict: Verdict): string {
  const hops = theirs.ways.map((way) => `${JSON.stringify(way.hops)} ${JSON.stringify(way.outcome)}`);
  const path = verdict.path.map(
    (hop) => `${hop.stage} ${hop.at}: ${hop.message} [${hop.object ?? ""} ${hop.field ?? ""}]`,
  );
  return [...hops, ...path].map((line) => `#   ${line}\n`).join("");
}

function count(tally: Map<string, number>, key: string): void {
  tally.set(key, (tally.get(key) ?? 0) + 1);
}

async function shrink(oracle: Oracle, found: Found): Promise<Found> {
  let best = found;
  await reduceManifests(found.at.manifests, async (manifests) => {
    const at = { manifests, meshConfig: found.at.meshConfig };
    const answer = await oracle.ask({ ...at, calls: [found.call] });
    if (answer.error || answer.rejected?.length) return false;
    const again = (await differences(oracle, at, [found.call], new Map())).find((d) => d.signature === found.signature);
    if (again) best = again;
    return again !== undefined;
  });
  return best;
}

function print(found: Found): void {
  const shown = found.at.manifests.filter((m) => !["Namespace", "Pod"].includes(m.kind));
  process.stdout.write(`\n=== ${found.signature}\n# call: ${JSON.stringify(found.call)}\n`);
  if (Object.keys(found.at.meshConfig).length)
    process.stdout.write(`# meshConfig: ${JSON.stringify(found.at.meshConfig)}\n`);
  process.stdout.write(`# oracle:  ${found.oracle}\n# explain: ${found.explain}\n${found.why}`);
  process.stdout.write(`${shown.map((m) => stringify(m, { flowLevel: 4, lineWidth: 160 } as never)).join("---\n")}\n`);
}

async function main(): Promise<void> {
  const oracle = await Oracle.start();
  const tally = new Map<string, number>();
  const bySignature = new Map<string, Found[]>();
  const meshes = fc.sample(randomMesh({ gatewayApi: !flags["no-gateway-api"] }), {
    numRuns: Number(flags.runs),
    seed: Number(flags.seed),
  });
  let calls = 0;
  const cases = meshes.map((mesh) => ({ manifests: manifestsOf(mesh), meshConfig: mesh.meshConfig }));
  // Asked ahead, so that Go computes the next meshes while `explain` judges this one.
  const asked: Promise<OracleAnswer>[] = [];
  for (const [i, at] of cases.entries()) {
    while (asked.length < Math.min(i + 3, cases.length))
      asked.push(oracle.ask({ ...(cases[asked.length] as Case), calls: CALLS }));
    for (const found of await differences(oracle, at, CALLS, tally, asked[i])) {
      bySignature.set(found.signature, [...(bySignature.get(found.signature) ?? []), found]);
    }
    calls += CALLS.length;
  }
  const sorted = [...bySignature].sort((a, b) => b[1].length - a[1].length);
  const total = sorted.reduce((sum, [, list]) => sum + list.length, 0);
  process.stdout.write(`${meshes.length} meshes, ${calls} calls, ${total} differences of ${sorted.length} kinds\n`);
  for (const [key, n] of [...tally].sort((a, b) => b[1] - a[1])) process.stdout.write(`  ${n}\t${key}\n`);
  for (const [signature, list] of sorted) process.stdout.write(`${list.length}\t${signature}\n`);
  const chosen = sorted.filter(([signature]) => signature.includes(flags.only)).slice(0, Number(flags.shrink));
  for (const [, list] of chosen) {
    const smallest = [...list].sort((a, b) => a.at.manifests.length - b.at.manifests.length)[0];
    if (smallest) print(await shrink(oracle, smallest));
  }
  oracle.close();
  if (total > 0) process.exitCode = 1;
}

void main();
