import fc from "fast-check";
import { explain } from "../../../graph/explain/explain";
import type { Verdict } from "../../../graph/explain/types";
import type { Manifest } from "../../../graph/manifest";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { tellExplain } from "../../oracle/compare";
import { FIXED, gatewayService } from "../../oracle/generate/base";
import { CALLS } from "../../oracle/generate/calls";
import { manifestsOf, type RandomMesh, randomMesh } from "../../oracle/generate/mesh";
import type { OracleCall } from "../../oracle/oracle";
import type { RealCall } from "./calls";
import type { RealCase } from "./realCase";

/** Calls taken of the grid that the oracle asks. */
const CALLS_OF_A_CASE = 6;
const POOL = 700;

interface Candidate {
  mesh: RandomMesh;
  index: number;
  objects: Manifest[];
  calls: OracleCall[];
  /** What its verdicts show: kinds, deciding stages and fields. */
  shows: Set<string>;
}

/**
 * Random meshes of the oracle's generator (tests/oracle/generate), chosen so that each shows something that those before it do not: of
 * as many ways as there are in which a call can end.
 */
export function generated(count: number, seed: number): RealCase[] {
  const meshes = fc.sample(randomMesh({ gatewayApi: false }), { numRuns: POOL, seed });
  const pool = meshes.filter(usable).map(candidate);
  const seen = new Map<string, number>();
  const chosen: Candidate[] = [];
  while (chosen.length < count && pool.length > 0) {
    const best = pool.reduce((one, other) => (worth(other, seen) > worth(one, seen) ? other : one));
    pool.splice(pool.indexOf(best), 1);
    for (const sign of best.shows) seen.set(sign, (seen.get(sign) ?? 0) + 1);
    chosen.push(best);
  }
  // Alike Services side by side: each change of them waits for kube-proxy.
  return chosen.sort((x, y) => x.mesh.service - y.mesh.service).map((one) => realCase(one, seed));
}

/** What is rare counts most. */
function worth({ shows }: Candidate, seen: Map<string, number>): number {
  return [...shows].reduce((sum, sign) => sum + 1 / (1 + (seen.get(sign) ?? 0)) ** 2, 0);
}

/** MeshConfig stays as it is in the lab. */
function usable({ meshConfig }: RandomMesh): boolean {
  return Object.keys(meshConfig).length === 0;
}

const WORLD = new Set([...FIXED, gatewayService("egress", "gw", 0), gatewayService("other", "gw2", 0)].map(key));

function key({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function candidate(mesh: RandomMesh, index: number): Candidate {
  const all = manifestsOf(mesh);
  const built = buildMesh(
    all.map((manifest) => ({ manifest })),
    { meshConfig: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } },
  );
  const objects = all.filter((object) => !WORLD.has(key(object)));
  const { calls, shows } = telling(built);
  return { mesh, index, objects, calls, shows };
}

/** The calls whose answers differ most; the same answer twice tells nothing. */
function telling(mesh: Mesh): { calls: OracleCall[]; shows: Set<string> } {
  const byAnswer = new Map<string, { call: OracleCall; verdict: Verdict }>();
  for (const call of CALLS) {
    const workload = { ...call.workload, labels: call.workload.labels ?? {}, injected: true };
    const verdict = explain(mesh, { ...call, workload });
    if (verdict.verdict === "unknown") continue;
    const answer = `${call.protocol} ${tellExplain(verdict)} ${verdict.path.at(-1)?.object} ${verdict.where}`;
    if (!byAnswer.has(answer)) byAnswer.set(answer, { call, verdict });
  }
  const chosen = [...byAnswer.values()].slice(0, CALLS_OF_A_CASE);
  return { calls: chosen.map(({ call }) => call), shows: new Set(chosen.flatMap(({ verdict }) => signs(verdict))) };
}

function signs({ path, outcomes }: Verdict): string[] {
  const ends = outcomes.map(({ verdict, where, seen, how }) => `${verdict} ${where} ${seen} ${how}`);
  const hops = path.map(({ stage, object, field, at }) =>
    [stage, at.split(" ")[0], object?.split(" ")[0], field?.replace(/\[\d+\]/g, "[]")].join(" "),
  );
  return [...ends, ...hops];
}

function realCase({ mesh, index, objects, calls }: Candidate, seed: number): RealCase {
  return {
    title: `random ${seed}.${index}: ${mesh.recipe}, ${objects.length} objects`,
    stages: [objects.map(withoutAge)],
    calls: calls.map(({ workload, ...call }): RealCall => ({ ...call, from: workload.labels?.app ?? "a" })),
    service: mesh.service,
  };
}

/** The cluster gives its own. */
function withoutAge({ metadata, ...rest }: Manifest): Manifest {
  const { creationTimestamp: _age, ...kept } = metadata;
  return { ...rest, metadata: kept } as Manifest;
}
