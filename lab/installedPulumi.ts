import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Folders } from "./folders";
import { findProgram } from "./host";
import { KUBERNETES_PLUGIN } from "./pulumiHome";

/** A Pulumi that the user installed: used instead of the lab's own. */
export interface InstalledPulumi {
  pulumi: string;
  /** The program `pulumi-resource-kubernetes`. */
  kubernetesPlugin: string;
}

/**
 * Found when `pulumi`, its official language host for Node.js and the Kubernetes plugin are all there; the lab's own bin
 * folder does not count, even when `make env` has put it on the PATH.
 */
export function installedPulumi(folders: Folders): InstalledPulumi | undefined {
  const pulumi = findProgram("pulumi", [folders.bin]);
  const host = findProgram("pulumi-language-nodejs", [folders.bin]);
  const plugin = kubernetesPlugin(folders);
  return pulumi && host && plugin ? { pulumi, kubernetesPlugin: plugin } : undefined;
}

export function pulumiIsInstalled(folders: Folders): boolean {
  return installedPulumi(folders) !== undefined;
}

function kubernetesPlugin(folders: Folders): string | undefined {
  const plugin = join(homedir(), ".pulumi", "plugins", KUBERNETES_PLUGIN, "pulumi-resource-kubernetes");
  return existsSync(plugin) ? plugin : findProgram("pulumi-resource-kubernetes", [folders.bin]);
}
