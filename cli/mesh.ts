import { load } from "js-yaml";
import { buildMesh, type Mesh } from "../graph/mesh/mesh";
import { readManifests } from "./read/files";
import { MANIFEST_SCHEMA } from "./read/schema";

/** The mesh of an input, in any of the forms that `readManifests` knows. Throws `ReadProblem`. */
export function meshFrom(path: string): Mesh {
  return buildMesh(readManifests(path), { parseYaml: (text) => load(text, { schema: MANIFEST_SCHEMA }) });
}
