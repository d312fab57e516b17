/**
 * Does a pod get a sidecar? Istio docs "Sidecar injection"; `files/mutatingwebhook.yaml`, `pkg/kube/inject/inject.go: injectRequired`.
 */
import type { Workload } from "../explain/types";
import type { MeshObject } from "./object";

const NEVER_INJECTED = new Set(["kube-system", "kube-public", "kube-node-lease", "local-path-storage"]);

/** Why a pod gets no sidecar, and the field of its namespace that says so, if one does. */
export interface NoSidecar {
  why: string;
  field?: string;
}

/** Undefined: it gets one; so it is taken where the namespace has no manifest. */
export function noSidecar(workload: Workload, namespace: MeshObject | undefined): NoSidecar | undefined {
  if (workload.injected === false) return { why: "the pod has no sidecar" };
  if (workload.hostNetwork) return { why: "spec.hostNetwork: pods on the host's network get no sidecar" };
  if (workload.injected) return undefined;
  if (NEVER_INJECTED.has(workload.namespace)) return { why: `namespace ${workload.namespace} is never injected` };
  if (workload.labels["sidecar.istio.io/inject"] === "false")
    return { why: "pod label sidecar.istio.io/inject is false" };
  return namespace && byNamespace(workload, namespace.label("istio-injection"), namespace.label("istio.io/rev"));
}

function byNamespace(workload: Workload, injection: string, revision: string): NoSidecar | undefined {
  const { labels, namespace, podAnnotations } = workload;
  const wanted = labels["sidecar.istio.io/inject"] === "true" || labels["istio.io/rev"] !== undefined;
  const enabled = injection === "enabled" || (injection === "" && (revision !== "" || wanted));
  if (!enabled)
    return { why: `namespace ${namespace} is not labelled istio-injection=enabled`, field: "metadata.labels" };
  const unasked = labels["sidecar.istio.io/inject"] === undefined;
  if (unasked && podAnnotations?.["sidecar.istio.io/inject"] === "false")
    return { why: "pod annotation sidecar.istio.io/inject is false" };
  return undefined;
}
