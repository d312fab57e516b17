/** Prints what the oracle says of random meshes, to judge the generator: how often each outcome, and what is refused. */
import fc from "fast-check";
import { CALLS } from "./generate/calls";
import { manifestsOf, randomMesh } from "./generate/mesh";
import { Oracle } from "./oracle";

async function main(count: number, seed: number): Promise<void> {
  const oracle = await Oracle.start();
  const tally = new Map<string, number>();
  const count1 = (key: string) => tally.set(key, (tally.get(key) ?? 0) + 1);
  const meshes = fc.sample(randomMesh(), { numRuns: count, seed });
  const answers = meshes.map((mesh) =>
    oracle.ask({ manifests: manifestsOf(mesh), meshConfig: mesh.meshConfig, calls: CALLS }),
  );
  for (const pending of answers) {
    const answer = await pending;
    if (answer.error) count1(`error ${answer.error.slice(0, 300)}`);
    for (const { object, reason } of answer.rejected ?? [])
      count1(`rejected ${object.split(" ")[0]}: ${reason.slice(0, 160)}`);
    for (const { outcome } of answer.calls ?? [])
      count1(`${outcome.kind} ${outcome.kind === "unsupported" ? outcome.reason : (outcome.stage ?? "")}`);
  }
  oracle.close();
  for (const [key, n] of [...tally].sort((a, b) => b[1] - a[1])) process.stdout.write(`${n}\t${key}\n`);
}

void main(Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 1));
