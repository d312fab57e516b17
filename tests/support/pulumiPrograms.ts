import { join } from "node:path";

/** Where the programs are that the engine tests run. */
export interface PulumiPrograms {
  pulumi: string;
  kubernetesPlugin: string;
}

export async function ensurePulumiPrograms(): Promise<PulumiPrograms> {
  const folder = process.env.CONTROLLED_EGRESS_PROGRAMS ?? "";
  return { pulumi: join(folder, "pulumi"), kubernetesPlugin: join(folder, "pulumi-resource-kubernetes") };
}
