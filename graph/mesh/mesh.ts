import type { MeshOptions, SourcedManifest } from "./sourced";

/** Manifests, indexed once. Read-only. */
export class Mesh {}

/** Indexes manifests; linear in their number. Unknown kinds are kept out of the way. */
export function buildMesh(_objects: SourcedManifest[], _options: MeshOptions = {}): Mesh {
  return new Mesh();
}
