import { load } from "js-yaml";
import { buildMesh, type Mesh } from "../graph/mesh/mesh";
import type { SourcedManifest } from "../graph/mesh/sourced";
import { Undecided } from "../graph/mesh/unknown";
import { CommandError, EXIT } from "./exit";
import { type Input, nameOf, objectsOf } from "./input";
import type { Reading } from "./read/files";
import { ReadProblem } from "./read/problem";
import { MANIFEST_SCHEMA } from "./read/schema";

/** The mesh of an input, or with `reading.onProblem` (cli/problems.ts) of what can be read of it. Throws `ReadProblem`. */
export async function meshFrom(input: Input, reading?: Reading): Promise<Mesh> {
  return meshOf(await objectsOf(input, reading));
}

/** The same; an input without objects, mostly the wrong file, is refused: it would read as "nothing is reachable". */
export async function filledMeshFrom(input: Input, reading?: Reading): Promise<Mesh> {
  const objects = await objectsOf(input, reading);
  if (objects.length === 0 && nameOf(input) !== NOTHING)
    throw new ReadProblem(`${nameOf(input)}: holds no Kubernetes objects. If nothing is meant, write ${NOTHING}.`);
  return meshOf(objects);
}

const NOTHING = "/dev/null";

/** Objects, indexed for questions. Throws `CommandError` where what all depends on is not known yet. */
export function meshOf(objects: readonly SourcedManifest[]): Mesh {
  try {
    return buildMesh(objects, { parseYaml: (text) => load(text, { schema: MANIFEST_SCHEMA }) });
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    throw new CommandError(`${error.message}, and every answer depends on it.`, EXIT.unknown);
  }
}
