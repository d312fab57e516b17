import type { MeshObject } from "./object";

/** Why the API server (istiod's webhook) would refuse the object; undefined: it would not. Written in full later. */
export function invalidity(_object: MeshObject): string | undefined {
  return undefined;
}
