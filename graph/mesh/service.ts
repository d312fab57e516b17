import type { Exports } from "./exportTo";
import type { MeshObject } from "./object";
import type { Port } from "./protocol";

/** Where a cluster of the service finds its endpoints. `CLUSTER_IP` and `HEADLESS` are Kubernetes Services, `ALIAS` is ExternalName. */
export type Resolution =
  | "NONE"
  | "STATIC"
  | "DNS"
  | "DNS_ROUND_ROBIN"
  | "DYNAMIC_DNS"
  | "CLUSTER_IP"
  | "HEADLESS"
  | "ALIAS";

export interface Endpoint {
  address: string;
  /** Port name → number. */
  ports: Record<string, number>;
  labels: Record<string, unknown>;
  serviceAccount: string;
  /** Path of the endpoint in its object. */
  field: string;
  /** The WorkloadEntry, where a workloadSelector found one. */
  object?: MeshObject;
}

/**
 * One host of a ServiceEntry, or a Kubernetes Service (Istio `se/conversion.go: convertServices`, `kube/conversion.go: ConvertService`).
 * Getters read the manifest when asked, and throw `Undecided` where it holds an `UNKNOWN`.
 */
export interface Service {
  readonly host: string;
  readonly namespace: string;
  /** "kubernetes" Services win many conflicts against "external" ones (ServiceEntries). */
  readonly registry: "kubernetes" | "external";
  readonly object: MeshObject;
  /** Name that breaks ties of age: a Service's name, a ServiceEntry's host. */
  readonly sortName: string;
  readonly ports: Port[];
  readonly resolution: Resolution;
  /** MESH_EXTERNAL. */
  readonly external: boolean;
  /** Plain addresses and CIDRs; empty: the unspecified address. */
  readonly addresses: string[];
  readonly exports: Exports;
  /** exportTo as written, for the question whether two ServiceEntries may merge. */
  readonly exportList: string[];
  readonly endpoints: Endpoint[];
  /** workloadSelector labels of a ServiceEntry, selector of a Service; undefined: none. */
  readonly selector?: Record<string, unknown>;
  /** ServiceEntry `subjectAltNames`. */
  readonly subjectAltNames: string[];
  /** ExternalName. */
  readonly aliasOf?: string;
}

/** What a scope sees of a service: some ports, some addresses (Istio trims copies: `model/sidecar.go`). */
export interface Scoped {
  service: Service;
  ports: Port[];
  addresses: string[];
}

export function whole(service: Service): Scoped {
  return { service, ports: service.ports, addresses: service.addresses };
}

export function portOf(scoped: Scoped, number: number): Port | undefined {
  return scoped.ports.find((port) => port.number === number);
}
