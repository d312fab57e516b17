import type { SourcedManifest } from "../../graph/mesh/sourced";
import { ReadProblem } from "./problem";

/** The objects of a live cluster, by a context of the kubeconfig, read-only. Throws `ReadProblem`. */
export async function manifestsOfCluster(context: string): Promise<SourcedManifest[]> {
  throw new ReadProblem(`context ${context}: reading a live cluster is not there yet.`);
}
