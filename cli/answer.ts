import { explain } from "../graph/explain/explain";
import type { Verdict } from "../graph/explain/types";
import type { Mesh } from "../graph/mesh/mesh";
import { Undecided } from "../graph/mesh/unknown";
import { type Hole, holesOf } from "../graph/network/holes";
import { callOf, type Question } from "./question";
import { findWorkload } from "./workload";

/** What becomes of the call, and what the guards of the caller's namespace leave open beside it. */
export interface Answer {
  verdict: Verdict;
  holes: Hole[];
  /** Live Pods ("namespace/name") of the caller that are not as its template says: the verdict is not theirs. */
  strays: string[];
}

/** Throws `CommandError` for a question that cannot be asked. */
export function answer(mesh: Mesh, question: Question): Answer {
  const call = callOf(question, findWorkload(mesh, question.workload, question.serviceAccount));
  const { namespace, name = "" } = call.workload;
  const strays = mesh.podNamed(namespace, name)?.strays.map((pod) => `${pod.namespace}/${pod.name}`) ?? [];
  return { verdict: explain(mesh, call), holes: holes(mesh, namespace), strays };
}

/** A guard with a value not known yet is none that one may count on. */
function holes(mesh: Mesh, namespace: string): Hole[] {
  try {
    return holesOf(mesh, namespace);
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return [
      {
        guard: error.object.startsWith("NetworkPolicy") ? "NetworkPolicy" : "ValidatingAdmissionPolicy",
        object: error.object,
        field: error.field,
        message: "not known yet, so nobody can say what it holds",
      },
    ];
  }
}
