import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explain } from "../../../graph/explain/explain";
import { handMadeMeshes, meshWithout, type RecordedMesh, randomMeshOf, tellCall, tellWhole } from "../../oracle/corpus";
import { ROOT } from "../../support/demo";

interface Recorded {
  title: string;
  refused: string[];
  /** "INDEX call" and the lines of its outcomes. */
  calls: [asked: string, told: string[]][];
}

const FILE = "tests/golden/verdicts.txt";

/** Two blanks before a call or a refused object, four before an outcome; an empty line after each mesh. */
function readRecorded(): Recorded[] {
  const paragraphs = readFileSync(join(ROOT, FILE), "utf8").trimEnd().split("\n\n");
  return paragraphs.map((paragraph) => {
    const [title = "", ...lines] = paragraph.split("\n");
    const recorded: Recorded = { title, refused: [], calls: [] };
    for (const line of lines) {
      if (line.startsWith("    ")) recorded.calls.at(-1)?.[1].push(line.trim());
      else if (line.startsWith("  refused ")) recorded.refused.push(line.slice("  refused ".length));
      else recorded.calls.push([line.trim(), []]);
    }
    return recorded;
  });
}

/** What real Envoys (the hand-made meshes) and Istio's own computation (the random ones) have confirmed: tests/oracle/record.ts. */
describe("recorded verdicts", () => {
  const handMade = new Map(handMadeMeshes().map((mesh) => [mesh.title, mesh]));
  const all = readRecorded();

  for (const { title, refused, calls } of all) {
    it(title, () => {
      const seed = /^random (\d+)$/.exec(title)?.[1];
      const mesh = seed === undefined ? handMade.get(title) : randomMeshOf(Number(seed));
      assert.ok(mesh, `${FILE} has no mesh of that title any more: write it anew with tests/oracle/record.ts`);
      assertCalls(mesh, refused, calls);
    });
  }

  it("are there for every hand-made case", () => {
    const titles = new Set(all.map(({ title }) => title));
    assert.deepEqual(
      [...handMade.keys()].filter((title) => !titles.has(title)),
      [],
      "write them with tests/oracle/record.ts",
    );
  });
});

function assertCalls(recorded: RecordedMesh, refused: string[], calls: Recorded["calls"]): void {
  const mesh = meshWithout(recorded, refused);
  for (const [asked, told] of calls) {
    const call = recorded.calls[Number.parseInt(asked, 10)];
    assert.ok(call && asked.endsWith(` ${tellCall(call)}`), `${FILE}: ${asked} is no call of this mesh`);
    const verdict = explain(mesh, call);
    const path = verdict.path.map(({ stage, object, field }) => `${stage} ${object ?? ""} ${field ?? ""}`).join("\n  ");
    assert.deepEqual(tellWhole(verdict), told, `${asked}\n  ${path}`);
  }
}
