import type { Mesh } from "../mesh/mesh";
import { Undecided } from "../mesh/unknown";
import { type Hole, holesOf } from "../network/holes";

/** A guard that stood before and does not any more. */
export interface GuardChange extends Hole {
  namespace: string;
}

/** The holes of `after` that `before` had not, for each namespace; and what nobody can know. */
export function guardsLost(
  before: Mesh,
  after: Mesh,
  namespaces: readonly string[],
): { lost: GuardChange[]; undecided: string[] } {
  const lost: GuardChange[] = [];
  const undecided: string[] = [];
  for (const namespace of namespaces.filter((name) => !deleted(before, after, name))) {
    try {
      const open = new Set(holesOf(before, namespace).map(({ guard }) => guard));
      for (const hole of holesOf(after, namespace)) if (!open.has(hole.guard)) lost.push({ namespace, ...hole });
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      undecided.push(`${error.object}: ${error.field}`);
    }
  }
  return { lost, undecided };
}

/** A namespace that goes takes its pods with it. */
function deleted(before: Mesh, after: Mesh, namespace: string): boolean {
  return (
    before.namespaces.has(namespace) &&
    !after.namespaces.has(namespace) &&
    !after.pods.some((pods) => pods.namespace === namespace)
  );
}
