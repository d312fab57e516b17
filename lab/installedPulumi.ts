import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Folders } from "./folders";
import { findProgram } from "./host";

/** A Pulumi that the user installed: used instead of the lab's own. */
export interface InstalledPulumi {
  /** Folder of `pulumi` and its language hosts. */
  programs: string;
  pulumi: string;
}

/**
 * Found when `pulumi`, its official language host for Node.js and the Kubernetes plugin are all there; the lab's own bin
 * folder does not count, even when `make env` has put it on the PATH.
 */
export function installedPulumi(folders: Folders): InstalledPulumi | undefined {
  const pulumi = findProgram("pulumi", [folders.bin]);
  const host = findProgram("pulumi-language-nodejs", [folders.bin]);
  if (!pulumi || !host || !kubernetesPlugin(folders)) return undefined;
  return { pulumi, programs: join(pulumi, "..") };
}

export function pulumiIsInstalled(folders: Folders): boolean {
  return installedPulumi(folders) !== undefined;
}

/** The version that package.json pins; a plugin of another version would be downloaded by the user's Pulumi. */
const PLUGIN = "resource-kubernetes-v4.25.0";

function kubernetesPlugin(folders: Folders): string | undefined {
  const plugin = join(homedir(), ".pulumi", "plugins", PLUGIN, "pulumi-resource-kubernetes");
  return existsSync(plugin) ? plugin : findProgram("pulumi-resource-kubernetes", [folders.bin]);
}
