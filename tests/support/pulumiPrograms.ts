import { existsSync } from "node:fs";
import { labFolders } from "../../lab/folders";
import { type PulumiPrograms, pulumiPrograms } from "../../lab/pulumi";

/** The user's Pulumi, or the lab's from its cache; built first where it is not there (minutes, once on a machine). */
export async function ensurePulumiPrograms(): Promise<PulumiPrograms> {
  const folders = labFolders();
  const programs = pulumiPrograms(folders);
  if (!existsSync(programs.pulumi) || !existsSync(programs.kubernetesPlugin)) {
    // The whole lab: not loaded where all is built.
    const { upOnly } = require("../../lab/lab") as typeof import("../../lab/lab");
    await upOnly(folders, ["build-pulumi", "build-provider"]);
  }
  return programs;
}
