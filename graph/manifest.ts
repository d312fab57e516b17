/**
 * A plain Kubernetes object, as in a YAML file: the one form in which both directions of the graph meet.
 * Intent becomes manifests (`graph/objects`), manifests become a mesh (`graph/mesh`).
 */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** The part of Kubernetes' ObjectMeta that decides anything here (Kubernetes API, `ObjectMeta`). */
export interface ObjectMeta {
  name: string;
  /** Absent for cluster-scoped kinds; readers fill in `default` for namespaced kinds that lack it. */
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** RFC 3339; absent on a manifest that was never applied. Istio lets the older object win in many places. */
  creationTimestamp?: string;
}
