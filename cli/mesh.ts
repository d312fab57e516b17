import { load } from "js-yaml";
import { buildMesh, type Mesh } from "../graph/mesh/mesh";
import type { SourcedManifest } from "../graph/mesh/sourced";
import { Undecided } from "../graph/mesh/unknown";
import { CommandError, EXIT } from "./exit";
import { readManifests } from "./read/files";
import { ReadProblem } from "./read/problem";
import { MANIFEST_SCHEMA } from "./read/schema";

/** The mesh of an input, in any of the forms that `readManifests` knows. Throws `ReadProblem`. */
export function meshFrom(path: string): Mesh {
  return built(readManifests(path));
}

/** The same; an input without objects, mostly the wrong file, is refused: it would read as "nothing is reachable". */
export function filledMeshFrom(path: string): Mesh {
  const objects = readManifests(path);
  if (objects.length === 0 && path !== NOTHING)
    throw new ReadProblem(`${path}: holds no Kubernetes objects. If nothing is meant, write ${NOTHING}.`);
  return built(objects);
}

const NOTHING = "/dev/null";

function built(objects: SourcedManifest[]): Mesh {
  try {
    return buildMesh(objects, { parseYaml: (text) => load(text, { schema: MANIFEST_SCHEMA }) });
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    throw new CommandError(`${error.message}, and every answer depends on it.`, EXIT.unknown);
  }
}
