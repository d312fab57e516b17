/**
 * Compares what the API server and Istio's webhook refuse (by the oracle) with what the mesh calls invalid, on random meshes:
 * `admission.ts [count] [seed]`. Prints how often each agrees.
 */
import fc from "fast-check";
import { buildMesh } from "../../graph/mesh/mesh";
import { manifestsOf, randomMesh } from "./generate/mesh";
import { Oracle } from "./oracle";

async function main(count: number, seed: number): Promise<void> {
  const oracle = await Oracle.start();
  const tally = new Map<string, number>();
  for (const random of fc.sample(randomMesh(), { numRuns: count, seed })) {
    const manifests = manifestsOf(random);
    const answer = await oracle.ask({ manifests, calls: [] });
    const refused = new Map((answer.rejected ?? []).map(({ object, reason }) => [object, reason]));
    const mesh = buildMesh(manifests.map((manifest) => ({ manifest })));
    const invalid = new Map([...mesh.invalid].map(([object, why]) => [object.id, why]));
    for (const id of new Set([...refused.keys(), ...invalid.keys()])) {
      const kind = id.split(" ")[0];
      const key =
        refused.has(id) && invalid.has(id)
          ? `both refuse ${kind}`
          : refused.has(id)
            ? `only Istio refuses ${kind}: ${refused.get(id)?.replace(/\s+/g, " ").slice(0, 160)}`
            : `only the mesh refuses ${kind}: ${invalid.get(id)}`;
      tally.set(key, (tally.get(key) ?? 0) + 1);
    }
  }
  oracle.close();
  for (const [key, n] of [...tally].sort((a, b) => b[1] - a[1])) process.stdout.write(`${n}\t${key}\n`);
}

void main(Number(process.argv[2] ?? 300), Number(process.argv[3] ?? 1));
