import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "./folders";
import { installedPulumi } from "./installedPulumi";
import { programsFolder } from "./programs";
import { fillPulumiHome, hasPulumiHome } from "./pulumiHome";
import type { Step, StepContext } from "./step";
import { linkProgram } from "./tools";

/** Pulumi's programs: those that the user has installed, or those that the lab built. */
export interface PulumiPrograms {
  pulumi: string;
  kubernetesPlugin: string;
  /** True for the user's. */
  installed: boolean;
}

/** Where Pulumi's programs are; what the lab has yet to build is named too. */
export function pulumiPrograms(folders: Folders): PulumiPrograms {
  const installed = installedPulumi(folders);
  if (installed) return { ...installed, installed: true };
  return {
    pulumi: join(programsFolder(folders, "pulumi"), "pulumi"),
    kubernetesPlugin: join(programsFolder(folders, "provider"), "pulumi-resource-kubernetes"),
    installed: false,
  };
}

/** `pulumi` in the bin folder, and a Pulumi folder with all that its engine looks for. */
export const pulumiStep: Step = {
  name: "pulumi",
  title: "Pulumi with its plugins",
  needs: ["build-pulumi", "build-provider"],
  async up({ folders, say }: StepContext): Promise<void> {
    const programs = pulumiPrograms(folders);
    if (programs.installed) say(`yours is used: ${programs.pulumi}`);
    linkProgram(folders, "pulumi", programs.pulumi);
    fillPulumiHome(folders, { project: folders.project, kubernetesPlugin: programs.kubernetesPlugin });
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    if (!existsSync(join(folders.bin, "pulumi"))) return "no pulumi in the bin folder";
    return hasPulumiHome(folders) ? undefined : "a plugin is missing from Pulumi's folder";
  },
};
