import { join } from "node:path";
import { execa } from "execa";
import type { Folders } from "./folders";
import { programsFolder } from "./programs";

/** Runs the lab's kubectl as the cluster's administrator and returns what it prints. Throws with its own message. */
export async function kubectl(folders: Folders, args: readonly string[], input = ""): Promise<string> {
  const program = join(programsFolder(folders, "cluster"), "kubectl");
  const environment = { KUBECONFIG: folders.kubeconfig, KUBECACHEDIR: join(folders.state, "kubectl-cache") };
  const result = await execa(program, args, { env: environment, input, reject: false });
  if (result.failed)
    throw new Error(`kubectl ${args.join(" ")}: ${(result.stderr || result.shortMessage || "").trim()}`);
  return result.stdout;
}
