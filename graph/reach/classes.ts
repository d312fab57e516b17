import type { Workload } from "../explain/types";
import { fits } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import { Undecided } from "../mesh/unknown";

/** Workloads that behave alike. */
export interface WorkloadClass {
  /** Stands for all. */
  workload: Workload;
  members: string[];
  /** Exact hosts that its Sidecar imports, if that is all it imports. */
  imports?: Set<string>;
}

/** Labels that no selector of the mesh may ever ask for do not tell workloads apart; here: those of rollouts. */
const NOISE = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
]);

export function classesOf(mesh: Mesh, workloads: Workload[]): WorkloadClass[] {
  const classes = new Map<string, WorkloadClass>();
  for (const workload of workloads) {
    const name = `${workload.namespace}/${workload.name ?? ""}`;
    const key = keyOf(workload);
    const found = classes.get(key);
    if (found) found.members.push(name);
    else classes.set(key, { workload, members: [name], imports: importsOf(mesh, workload) });
  }
  return [...classes.values()];
}

/** Everything of a workload that a rule can look at. */
function keyOf(workload: Workload): string {
  const { namespace, labels, serviceAccount, podAnnotations, hostNetwork, runAsUser, runAsGroup, injected } = workload;
  const seen = Object.entries(labels)
    .filter(([key]) => !NOISE.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const capture = Object.entries(podAnnotations ?? {}).filter(([key]) => key.includes("sidecar.istio.io"));
  return JSON.stringify([
    namespace,
    seen.map(([k, v]) => [k, String(v)]),
    serviceAccount,
    capture,
    hostNetwork,
    runAsUser,
    runAsGroup,
    injected,
  ]);
}

/** Only where one Sidecar clearly applies and names hosts one by one; else everything visible is asked for. */
function importsOf(mesh: Mesh, workload: Workload): Set<string> | undefined {
  try {
    const candidates = mesh.sidecarCandidates(workload.namespace, workload.labels);
    const selecting = candidates.filter(
      (s) => s.selector && fits(s.selector, workload.labels, { object: s.object.id, field: "spec.workloadSelector" }),
    );
    const applying = selecting.length > 0 ? selecting : candidates.filter((s) => !s.selector);
    const hosts = new Set<string>();
    for (const sidecar of applying) {
      const strict = (sidecar.outboundMode ?? mesh.config.outboundMode) === "REGISTRY_ONLY";
      for (const listener of sidecar.listeners(workload.namespace)) {
        if (!listener.filter.allExact || !strict) return undefined;
        for (const [, host] of listener.filter.exactEntries()) hosts.add(host);
      }
    }
    return applying.length > 0 ? hosts : undefined;
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}
