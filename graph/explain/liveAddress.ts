import { fits } from "../mesh/labels";
import type { Walk } from "./walk";

/** The address of the live Pods with these labels; undefined if there are none, or several that differ. */
export function liveAddress(
  walk: Walk,
  of: { namespace: string; labels: Record<string, unknown> },
): string | undefined {
  if (!walk.mesh.hasLivePods) return undefined;
  const place = { object: `pods of ${of.namespace}`, field: "labels" };
  const pods = walk.mesh.podCandidates(of.namespace, of.labels).filter(({ labels }) => fits(of.labels, labels, place));
  const [address, other] = new Set(pods.flatMap(({ addresses }) => addresses));
  return other === undefined ? address : undefined;
}
