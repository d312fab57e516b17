import type { Workload } from "../explain/types";
import { fits } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import { known, Undecided } from "../mesh/unknown";
import { isWrittenLabel } from "../mesh/writtenLabels";

/** Workloads that behave alike. */
export interface WorkloadClass {
  /** Stands for all. */
  workload: Workload;
  members: string[];
  /** Hosts that its Sidecar imports, if these are all it may reach. */
  imports?: Set<string>;
}

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
    .filter(([key]) => !isWrittenLabel(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const capture = Object.entries(podAnnotations ?? {}).filter(
    // The injection's note of what it did.
    ([key]) => key.includes("sidecar.istio.io") && key !== "sidecar.istio.io/status",
  );
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

/** Only where Sidecars apply that name hosts, or domains; else everything visible is asked for. */
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
        if (listener.filter.anyHost || !strict) return undefined;
        for (const host of listener.filter.hostsIn(mesh.services.byHost)) hosts.add(host);
      }
    }
    return applying.length > 0 ? hosts : undefined;
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/**
 * Workloads that stand for all that might exist, for inputs that hold no pods (a stack of ServiceEntries, a folder of Istio objects): in
 * each namespace that an object lives in or is exported to, a pod without labels and one for each selector that could tell pods apart.
 * Their service account is not known from manifests; "default" is taken.
 */
export function representatives(mesh: Mesh): Workload[] {
  const selectors = new Map<string, Map<string, Record<string, string>>>();
  for (const namespace of namespacesOf(mesh)) selectors.set(namespace, new Map([["{}", {}]]));
  const add = (namespace: string, labels: Record<string, unknown>): void => {
    selectors.get(namespace)?.set(JSON.stringify(labels), labels as Record<string, string>);
  };
  for (const { namespace, spec } of mesh.objects("Sidecar"))
    for (const labels of readable(() => [spec.at("workloadSelector").at("labels").rawMap()])) add(namespace, labels);
  for (const { namespace, spec } of mesh.objects("DestinationRule"))
    for (const labels of readable(() => [spec.at("workloadSelector").at("matchLabels").rawMap()]))
      add(namespace, labels);
  for (const labels of sourceLabels(mesh)) for (const namespace of selectors.keys()) add(namespace, labels);
  return [...selectors].flatMap(([namespace, all]) =>
    [...all.values()].map((labels) => ({ namespace, labels, injected: true })),
  );
}

/** Namespaces of the input; the gateways' own hold no applications. */
function namespacesOf(mesh: Mesh): Set<string> {
  const found = new Set(mesh.namespaces.keys());
  for (const kind of ["ServiceEntry", "VirtualService", "Sidecar", "DestinationRule"]) {
    for (const object of mesh.objects(kind)) {
      found.add(object.namespace);
      for (const name of readable(() => object.spec.at("exportTo").texts()))
        if (![".", "*", "~"].includes(name)) found.add(name);
    }
  }
  found.delete(mesh.config.rootNamespace);
  for (const gateway of mesh.gateways.all()) found.delete(gateway.namespace);
  return found;
}

function sourceLabels(mesh: Mesh): Record<string, unknown>[] {
  const found = new Map<string, Record<string, unknown>>();
  for (const object of mesh.objects("VirtualService")) {
    for (const kind of ["http", "tls", "tcp"]) {
      const rules = readable(() => object.spec.at(kind).list());
      const matches = rules.flatMap((rule) => readable(() => rule.at("match").list()));
      for (const match of matches) {
        const [labels] = readable(() => [match.at("sourceLabels").rawMap()]);
        if (labels && Object.keys(labels).length > 0) found.set(JSON.stringify(labels), labels);
      }
    }
  }
  return [...found.values()];
}

/** Values not known yet are met again when a question depends on them. */
function readable<T>(read: () => T[]): T[] {
  return known(read) ?? [];
}
