import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Kubectl } from "./kubectl";

/** What of a stack's exported state concerns an update that was killed. */
export interface ExportedState {
  deployment?: {
    pending_operations?: { type: string; resource: StateResource }[];
  };
}

interface StateResource {
  type?: string;
  inputs?: { name?: unknown; namespace?: unknown };
}

/** A Helm release by its name in the cluster. */
export interface ReleaseName {
  namespace: string;
  name: string;
}

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** How Helm labels the record of a release whose installation, upgrade or rollback has not ended. */
const UNENDED = "status in (pending-install,pending-upgrade,pending-rollback)";

/**
 * After an update was killed, Helm may hold records that stop every later update ("cannot re-use a name that is still
 * in use", "another operation is in progress"): of releases whose creation the state calls pending, and of `planned`
 * ones that Helm itself calls so. Without such a record the next update, with a refresh, installs the release anew and
 * takes over whatever objects it left, as they carry its name. Gives what was forgotten, "namespace/name".
 */
export async function forgetHalfMadeReleases(
  kubectl: Kubectl,
  { deployment = {} }: ExportedState,
  planned: readonly ReleaseName[],
): Promise<string[]> {
  const creating = (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }) => releaseName(resource));
  const forgotten = new Set(creating.map(idOf));
  for (const release of creating) await forget(kubectl, release);
  for (const release of planned) if (await forget(kubectl, release, UNENDED)) forgotten.add(idOf(release));
  return [...forgotten];
}

function releaseName({ type, inputs: { name, namespace } = {} }: StateResource): ReleaseName[] {
  if (type !== RELEASE || typeof name !== "string" || typeof namespace !== "string") return [];
  return [{ name, namespace }];
}

/** Deletes Helm's records of a release, all or those with a label; says whether there were any. */
async function forget(kubectl: Kubectl, { namespace, name }: ReleaseName, label?: string): Promise<boolean> {
  const labels = [`owner=helm,name=${name}`, ...(label === undefined ? [] : [label])].join(",");
  const deleted = await kubectl([
    "delete",
    "secret",
    "-n",
    namespace,
    "-l",
    labels,
    "--ignore-not-found",
    "-o",
    "name",
  ]);
  // Where there are none it says so in words.
  return deleted.includes("secret/");
}

function idOf({ namespace, name }: ReleaseName): string {
  return `${namespace}/${name}`;
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
