import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Kubectl } from "./kubectl";

/** What of a stack's exported state concerns an update that was killed. */
export interface ExportedState {
  deployment?: {
    pending_operations?: { type: string; resource: { type: string; inputs?: { name?: string; namespace?: string } } }[];
  };
}

const RELEASE = "kubernetes:helm.sh/v3:Release";

/**
 * After an update was killed, Helm holds the records of releases that the stack's state knows as pending only, and
 * refuses to install them again ("cannot re-use a name that is still in use"). Without Helm's record the next update
 * installs the release anew and takes over whatever objects it left, as they carry its name. Gives the names of the
 * releases that were forgotten.
 */
export async function forgetHalfMadeReleases(kubectl: Kubectl, state: ExportedState): Promise<string[]> {
  const pending = (state.deployment?.pending_operations ?? []).filter(
    ({ type, resource }) => type === "creating" && resource.type === RELEASE,
  );
  const forgotten: string[] = [];
  for (const { resource } of pending) {
    const { name, namespace } = resource.inputs ?? {};
    if (name === undefined || namespace === undefined) continue;
    await kubectl(["delete", "secret", "-n", namespace, "-l", `owner=helm,name=${name}`, "--ignore-not-found"]);
    forgotten.push(`${namespace}/${name}`);
  }
  return forgotten;
}

/** Removes locks of a file backend whose process is gone: what a killed update leaves. */
export function removeStaleLocks(backend: string): void {
  const folder = join(backend, ".pulumi", "locks");
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const { pid } = JSON.parse(readFileSync(file, "utf8")) as { pid?: number };
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(file);
  }
}
