import type { Workload } from "../explain/types";
import { fits } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import { SidecarResource } from "../mesh/sidecar";
import { known, UNKNOWN, Undecided } from "../mesh/unknown";
import type { Pods } from "../mesh/workload";
import { namedIdentities } from "../rules/identities";
import { injection } from "../rules/injection";
import { madeAccount } from "./account";
import { representatives } from "./classes";

/** Who may call, by a name: the pods of one owner, or those that nothing of the input names. */
export interface Application {
  /** "namespace/name"; "namespace/*" is any other pod of the namespace, "namespace/*?app=x" one with these labels. */
  id: string;
  /** Without `serviceAccount` where nothing says which it is. */
  workload: Workload;
  /** False: made up from selectors and namespaces. */
  known: boolean;
}

/**
 * The owners of pods that are no gateways; the Sidecars whose pods the input does not hold, as applications of a stack
 * whose workloads are elsewhere; and any other pod of each namespace that gets sidecars.
 */
export function applicationsOf(mesh: Mesh): Application[] {
  const found = new Map<string, Application>();
  for (const application of [...owners(mesh), ...selected(mesh), ...anybody(mesh)])
    if (!found.has(application.id)) found.set(application.id, application);
  return [...found.values()];
}

function owners(mesh: Mesh): Application[] {
  return mesh.pods.flatMap((pods) => known(() => owner(pods)) ?? []);
}

function owner(pods: Pods): Application[] {
  if (pods.isGateway) return [];
  return [{ id: `${pods.namespace}/${pods.name}`, workload: pods.asWorkload(), known: true }];
}

/** What may hide more hosts or applications than can be asked: "Kind namespace/name: field". */
export function unknownInputs(mesh: Mesh): string[] {
  const found = [...mesh.services.hostsUndecided];
  for (const pods of mesh.pods) {
    try {
      owner(pods);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      found.push(error);
    }
  }
  return [...new Set(found.map(({ object, field }) => `${object}: ${field}`))].sort();
}

function selected(mesh: Mesh): Application[] {
  return mesh.objects("Sidecar").flatMap((object) => {
    const labels = known(() => new SidecarResource(object).selector) as Record<string, string> | undefined;
    if (labels === undefined || hasPods(mesh, object.namespace, labels)) return [];
    const { namespace, name } = object;
    const serviceAccount = accountOf(mesh, namespace, name);
    const workload: Workload = { namespace, name, labels, injected: true, ...(serviceAccount && { serviceAccount }) };
    return [{ id: `${namespace}/${name}`, workload, known: false }];
  });
}

function anybody(mesh: Mesh): Application[] {
  return representatives(mesh).flatMap(({ namespace, labels }) => {
    if (Object.values<unknown>(labels).includes(UNKNOWN)) return [];
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
    if (injection(mesh, namespace) === "off") return [];
    if (pairs.length > 0 && (hasPods(mesh, namespace, labels) || isSelected(mesh, namespace, labels))) return [];
    const name = pairs.length === 0 ? "*" : `*?${pairs.join(",")}`;
    return [{ id: `${namespace}/${name}`, workload: { namespace, name, labels, injected: true }, known: false }];
  });
}

/** The account that was made for the application, else the one of its name where a gateway names it. */
function accountOf(mesh: Mesh, namespace: string, name: string): string | undefined {
  return madeAccount(mesh, namespace, name) ?? (namedIdentities(mesh).has(`${namespace}/${name}`) ? name : undefined);
}

/** Service accounts that are known to be an application's of its own. */
export function accountsOf(applications: readonly Application[], namespace: string): Set<string> {
  const own = applications.filter(({ workload }) => workload.namespace === namespace);
  return new Set(own.flatMap(({ workload }) => workload.serviceAccount ?? []));
}

function hasPods(mesh: Mesh, namespace: string, labels: Record<string, unknown>): boolean {
  return mesh
    .podCandidates(namespace, labels)
    .some((pods) => known(() => fits(labels, pods.labels, { object: pods.id, field: "metadata.labels" })) ?? false);
}

function isSelected(mesh: Mesh, namespace: string, labels: Record<string, unknown>): boolean {
  const text = JSON.stringify(labels);
  return mesh
    .sidecarCandidates(namespace, labels)
    .some((sidecar) => JSON.stringify(known(() => sidecar.selector)) === text);
}
