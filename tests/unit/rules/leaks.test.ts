import assert from "node:assert/strict";
import { explain } from "../../../graph/explain/explain";
import type { Outcome } from "../../../graph/explain/types";
import type { Mesh } from "../../../graph/mesh/mesh";
import { judge } from "../../../graph/rules/judge";
import { handMadeMeshes, meshWithout, type RecordedMesh, randomMeshOf, tellCall } from "../../oracle/corpus";

const SEEDS = 20;

/** The rule of the mission against the engine: every call that leaves directly by a ServiceEntry must be a finding about that entry. */
describe("service-entry-routed-by-egress-gateway misses no call that leaves directly", () => {
  for (const recorded of handMadeMeshes()) it(recorded.title, () => void assertFound(recorded));

  it(`in ${SEEDS} random meshes`, () => {
    const leaks = Array.from({ length: SEEDS }, (_, i) => assertFound(randomMeshOf(i + 1)));
    assert.ok(leaks.reduce((sum, count) => sum + count, 0) > 50, "the meshes have leaks");
  });
});

/** Number of leaks. */
function assertFound(recorded: RecordedMesh): number {
  const { manifests, meshConfig, calls, title } = recorded;
  const mesh = meshWithout(recorded, []);
  const found = judge(
    manifests.map((manifest) => ({ manifest })),
    { today: "2026-11-24", mesh: { meshConfig }, only: ["service-entry-routed-by-egress-gateway"] },
  );
  const blamed = new Set(found.map(({ object }) => object));
  let count = 0;
  for (const call of calls) {
    for (const outcome of explain(mesh, call).outcomes) {
      const entry = leakingEntry(mesh, outcome);
      if (entry === undefined) continue;
      count++;
      assert.ok(blamed.has(entry), `${title}: ${tellCall(call)} leaves by ${entry}; found: ${[...blamed].join(", ")}`);
    }
  }
  return count;
}

/** What calls itself a part of the mesh, by addresses, is taken by its word (graph/rules/entryVerdicts.ts: outside). */
function leakingEntry(mesh: Mesh, { verdict, how, path }: Outcome): string | undefined {
  const id = path.findLast(({ stage }) => stage === "exit")?.object;
  if (verdict !== "direct" || how !== "service" || !id?.startsWith("ServiceEntry ")) return undefined;
  const entry = mesh.objects("ServiceEntry").find((object) => object.id === id);
  const inside =
    entry?.spec.at("location").text() === "MESH_INTERNAL" && entry.spec.at("resolution").text() === "STATIC";
  return inside ? undefined : id;
}
