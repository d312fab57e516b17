/**
 * Writes tests/golden/verdicts.txt anew: what becomes of calls in the lab's hand-made cases, where real Envoys are the judge
 * (tests/lab/reality.test.ts), and in random meshes, where the oracle is: `record.ts [--seeds N]`. Exit code 1 if it contradicts one.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { explain } from "../../graph/explain/explain";
import type { Verdict } from "../../graph/explain/types";
import { compare, hasTies, tellExplain, tellOracle } from "./compare";
import { handMadeMeshes, meshWithout, type RecordedMesh, randomMeshOf, tellCall, tellWhole } from "./corpus";
import { Oracle, type OracleCall } from "./oracle";

/** A call of a random mesh is worth keeping while something in its answer was seen fewer times than this. */
const OFTEN = 3;

interface Entry {
  title: string;
  refused?: string[];
  /** By the call's place in its mesh. */
  calls: Record<string, string[]>;
}

const seen = new Map<string, number>();

function isNew(verdict: Verdict): boolean {
  const signs = new Set(verdict.outcomes.flatMap(signsOf));
  const rare = [...signs].some((sign) => (seen.get(sign) ?? 0) < OFTEN);
  if (rare) for (const sign of signs) seen.set(sign, (seen.get(sign) ?? 0) + 1);
  return rare;
}

/** Kinds of ends and of hops, without the names that they are about. */
function signsOf({ verdict, how, where, seen: said, gateways, path }: Verdict["outcomes"][number]): string[] {
  const hops = path.map(({ stage, at, object, field, message }) => {
    const words = message.replace(/[\w*.-]*[./\d][\w*./:-]*/g, "_");
    return [stage, at.split(" ")[0], object?.split(" ")[0], field?.replace(/\[\d+\]/g, "[]"), words].join(" ");
  });
  return [...hops, [verdict, how, where, said, gateways.length].join(" ")];
}

/** `proved`: real Envoys have answered every call, so that all are kept and the oracle is not asked about them. */
async function record(
  oracle: Oracle,
  mesh: RecordedMesh,
  proved: boolean,
): Promise<{ entry: Entry; differs: string[] }> {
  const { manifests, meshConfig, calls } = mesh;
  const answer = await oracle.ask({ manifests, meshConfig, calls: calls as OracleCall[] });
  if (answer.error) throw new Error(`${mesh.title}: ${answer.error}`);
  const refused = (answer.rejected ?? []).map(({ object }) => object);
  const entry: Entry = { title: mesh.title, ...(refused.length > 0 && { refused }), calls: {} };
  const differs: string[] = [];
  const built = meshWithout(mesh, refused);
  const kept = manifests.filter((m) => !refused.includes(`${m.kind} ${m.metadata.namespace ?? ""}/${m.metadata.name}`));
  const tied = hasTies(kept);
  for (const [i, call] of calls.entries()) {
    const verdict = explain(built, call);
    const theirs = answer.calls?.[i];
    if (!proved && theirs && compare(theirs, verdict, "full", tied))
      differs.push(`${mesh.title}: ${tellCall(call)}: ${tellExplain(verdict)}, the oracle: ${tellOracle(theirs)}`);
    else if (proved || isNew(verdict)) entry.calls[`${i} ${tellCall(call)}`] = tellWhole(verdict);
  }
  return { entry, differs };
}

async function main(seeds: number): Promise<void> {
  const oracle = await Oracle.start();
  const differs: string[] = [];
  const lines: string[] = [];
  const write = async (mesh: RecordedMesh, proved: boolean): Promise<void> => {
    const found = await record(oracle, mesh, proved);
    differs.push(...found.differs);
    if (Object.keys(found.entry.calls).length > 0) lines.push(textOf(found.entry));
  };
  for (const mesh of handMadeMeshes()) await write(mesh, true);
  for (let seed = 1; seed <= seeds; seed++) await write(randomMeshOf(seed), false);
  oracle.close();
  for (const line of differs) console.log(line);
  if (differs.length > 0) process.exitCode = 1;
  writeFileSync(join(__dirname, "../golden/verdicts.txt"), lines.join("\n"));
  console.log(`${lines.length} meshes, ${differs.length} differences`);
}

function textOf({ title, refused = [], calls }: Entry): string {
  const asked = Object.entries(calls).flatMap(([call, told]) => [`  ${call}`, ...told.map((line) => `    ${line}`)]);
  return [title, ...refused.map((object) => `  refused ${object}`), ...asked, ""].join("\n");
}

const { values: flags } = parseArgs({ options: { seeds: { type: "string", default: "500" } } });
void main(Number(flags.seeds));
