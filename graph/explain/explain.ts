import type { Mesh } from "../mesh/mesh";
import { Undecided } from "../mesh/unknown";
import { dialledAddress } from "./address";
import { notCaptured } from "./capture";
import { everyOutcome, MOST_WAYS } from "./choices";
import { inMesh } from "./exit";
import { fromGateway } from "./fromGateway";
import { fromSidecar } from "./fromSidecar";
import { sidecarScope } from "./sidecarScope";
import type { Call, Outcome, Verdict } from "./types";
import { uncaptured } from "./uncaptured";
import { Ended, Walk } from "./walk";
import { worstFirst } from "./worst";

/** What becomes of one call, after Istio 1.31's rules (sidecar mode). */
export function explain(mesh: Mesh, call: Call): Verdict {
  const outcomes = outcomesOf(mesh, call);
  return { ...(outcomes[0] as Outcome), outcomes };
}

/** Everything that may become of the call, the worst first; at least one. */
export function outcomesOf(mesh: Mesh, call: Call): Outcome[] {
  const outcomes = everyOutcome((choices) => ended(new Walk(mesh, call, choices)));
  return outcomes ? worstFirst(outcomes) : [tooMany(mesh, call)];
}

/** The pipeline, in the proxies' own order. */
function walkOn(walk: Walk): Outcome {
  const address = dialledAddress(walk);
  const free = notCaptured(walk, address);
  let arrival = free === undefined ? fromSidecar(walk, sidecarScope(walk), address) : uncaptured(walk, address, free);
  const visited = new Set<string>();
  while (!("verdict" in arrival)) {
    if (arrival.place.kind === "pods" && !arrival.place.pods.isGateway) return inMesh(walk, arrival);
    const self = arrival.place.kind === "self";
    if (self && walk.gateways.length === 0) return inMesh(walk, arrival);
    arrival = fromGateway(walk, arrival, visited);
  }
  return arrival;
}

function ended(walk: Walk): Outcome {
  try {
    return walkOn(walk);
  } catch (error) {
    if (error instanceof Ended) return error.outcome;
    if (!(error instanceof Undecided)) throw error;
    walk.path.push({
      stage: walk.path.at(-1)?.stage ?? "capture",
      at: walk.at,
      object: error.object,
      field: error.field,
      message: "not known yet",
    });
    const reason = `${error.object} ${error.field} is not known`;
    return walk.end("unknown", reason, { how: "input", missing: reason });
  }
}

function tooMany(mesh: Mesh, call: Call): Outcome {
  const walk = new Walk(mesh, call, { pick: ([first]: readonly unknown[]) => first, taken: [] } as never);
  const reason = `more than ${MOST_WAYS} outcomes: too many weighted routes, or objects in conflict whose ages are not known`;
  return walk.end("unknown", reason, { how: "input", missing: reason });
}
