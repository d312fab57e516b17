import type { Mesh } from "../mesh/mesh";
import type { Call, Verdict } from "./types";

/** What becomes of one call, after Istio 1.31's rules (sidecar mode). */
export function explain(_mesh: Mesh, _call: Call): Verdict {
  throw new Error("not written yet");
}
