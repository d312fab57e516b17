import { explain } from "../graph/explain/explain";
import type { Verdict } from "../graph/explain/types";
import type { Mesh } from "../graph/mesh/mesh";
import { callOf, type Question } from "./question";
import { findWorkload } from "./workload";

/** Throws `CommandError` for a question that cannot be asked. */
export function answer(mesh: Mesh, question: Question): Verdict {
  return explain(mesh, callOf(question, findWorkload(mesh, question.workload, question.serviceAccount)));
}
