/**
 * Where a cluster's connection goes: to pods, or out.
 * Istio `se/conversion.go: convertServiceEntryToInstances`, `core/cluster.go: convertResolution`; Istio API `ServiceEntry.endpoints`,
 * `resolution`; Kubernetes `Service.spec.ports[].targetPort`.
 */
import { isAddress, isLoopback } from "../mesh/addresses";
import { fits } from "../mesh/labels";
import { once } from "../mesh/once";
import type { Port } from "../mesh/protocol";
import type { Endpoint, Service } from "../mesh/service";
import { Undecided } from "../mesh/unknown";
import type { Pods } from "../mesh/workload";
import { isWrittenLabel } from "../mesh/writtenLabels";
import type { Cluster } from "./cluster";
import { pooledEndpoints } from "./endpointPool";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

export type Place =
  /** Pods of one template, at a container port; `service` is the Kubernetes Service on the way. */
  | { kind: "pods"; pods: PodGroup; port: number; service?: Service }
  | { kind: "outside"; host: string; port: number; endpoint?: Endpoint }
  /** The connection comes back to the proxy's own pod. */
  | { kind: "self"; port: number }
  | { kind: "end"; outcome: Outcome };

/** Pods as the engine needs them; without a manifest they are inferred from the Service's selector. */
export interface PodGroup {
  namespace: string;
  name: string;
  labels: Record<string, unknown>;
  isGateway: boolean;
  /** Undefined: not known. */
  serviceAccount?: string;
  managedBy?: string;
  pods?: Pods;
}

export const groupOf = once((pods: Pods): PodGroup => {
  const { namespace, name, labels, isGateway, serviceAccount, managedBy } = pods;
  return { namespace, name, labels, isGateway, serviceAccount, managedBy, pods };
});

/** Without a manifest of its pods, the Service's selector stands for their labels. */
const impliedGroup = once((service: Service): PodGroup => {
  const { namespace, object, selector = {} } = service;
  return { namespace, name: object.name, labels: selector, isGateway: true };
});

/** What decides where a connection goes besides the cluster. */
export interface Dialled {
  /** Address that the application dialled, for resolution NONE. */
  address?: string;
  /** Name in the Host header or SNI, for DYNAMIC_DNS. */
  name: string;
  namePort?: number;
  /** In a gateway, NONE is an empty list of endpoints. */
  atGateway: boolean;
  subsetLabels?: Record<string, unknown>;
}

export function placeOf(walk: Walk, cluster: Cluster, dialled: Dialled): Place {
  const { service } = cluster.scoped;
  if (service.resolution === "CLUSTER_IP" || service.resolution === "HEADLESS")
    return throughService(walk, service, cluster.port, dialled.subsetLabels);
  if (service.resolution === "NONE" && !dialled.atGateway) return toDialled(walk, cluster, dialled);
  if (service.resolution === "DYNAMIC_DNS") {
    return toName(walk, dialled.name, dialled.namePort ?? cluster.port.number);
  }
  return toEndpoint(walk, cluster, dialled.subsetLabels);
}

function toDialled(walk: Walk, { scoped, port }: Cluster, dialled: Dialled): Place {
  const { service } = scoped;
  if (service.selector)
    throw walk.unmodelled(
      "cluster",
      "ServiceEntry of resolution NONE with workloadSelector",
      service.object,
      "spec.workloadSelector",
    );
  const number = typeof port.target === "number" ? port.target : walk.call.port;
  if (dialled.address === undefined) return { kind: "outside", host: service.host, port: number };
  return toAddress(walk, dialled.address, number);
}

function toEndpoint(walk: Walk, cluster: Cluster, subset: Record<string, unknown> | undefined): Place {
  const { service } = cluster.scoped;
  const pool = pooledEndpoints(walk, cluster, subset);
  if (pool.length === 0) {
    const none = service.resolution === "NONE";
    const field = none ? "spec.resolution" : "spec.endpoints";
    const missing = none
      ? `${service.object.id} has spec.resolution NONE, which gives a gateway no endpoint: use DNS or STATIC`
      : `${service.object.id} has no endpoint${subset ? " with the labels of the subset" : ""}: add spec.endpoints`;
    walk.hop("cluster", none ? "resolution NONE gives a gateway no endpoint" : "no endpoint", service.object, field);
    return end(noEndpoint(walk, missing));
  }
  const { endpoint, port, service: owner } = walk.choices.pick(pool);
  const lent = owner === service ? "" : ` (pooled: ${owner.object.id} has the same host and namespace)`;
  walk.hop("cluster", `endpoint ${endpoint.address}:${port}${lent}`, endpoint.object ?? owner.object, endpoint.field);
  const place = isAddress(endpoint.address)
    ? toAddress(walk, endpoint.address, port)
    : toName(walk, endpoint.address, port);
  if (place.kind !== "outside") return place;
  return {
    kind: "outside",
    host: service.host.startsWith("*") ? place.host : service.host,
    port: place.port,
    endpoint,
  };
}

/** Pods behind a Kubernetes Service, at the target port. */
export function throughService(walk: Walk, service: Service, port: Port, subset?: Record<string, unknown>): Place {
  const groups = podsBehind(walk, service).filter(
    (group) => !subset || fits(subset, group.labels, { object: `pods of ${group.name}`, field: "labels" }),
  );
  if (groups.length === 0) {
    walk.hop("cluster", "no pod of the Service has the labels of the subset", service.object, "spec.selector");
    return end(noEndpoint(walk, `no pod behind ${service.object.id} has the subset's labels`));
  }
  const group = walk.choices.pick(groups);
  const number = typeof port.target === "string" ? namedPort(group, port.target) : (port.target ?? port.number);
  walk.hop(
    "cluster",
    `${service.object.id} port ${port.number} leads to port ${number} of ${group.pods?.id ?? "its pods"}`,
    service.object,
    "spec.selector",
  );
  return { kind: "pods", pods: group, port: number, service };
}

function namedPort(group: PodGroup, name: string): number {
  const number = group.pods?.containerPort(name);
  if (number === undefined)
    throw new Undecided(group.pods?.id ?? `pods of ${group.name}`, `spec.containers[].ports[name=${name}]`);
  return number;
}

function podsBehind(walk: Walk, service: Service): PodGroup[] {
  const { selector, namespace } = service;
  if (!selector) return byEndpointSlices(walk, service);
  const found = walk.mesh
    .podCandidates(namespace, selector)
    .filter((pods) => fits(selector, pods.labels, { object: pods.id, field: "labels" }));
  if (found.length > 0) return distinct(found.map(groupOf));
  // An input without any workload says nothing about pods: the Service's selector then stands for its pods.
  const implied =
    walk.mesh.pods.length === 0 &&
    [...walk.mesh.gateways.all()].some((g) => g.selector && fitsSome(g.selector, selector));
  if (!implied)
    throw new Undecided(
      service.object.id,
      "spec.selector (no workload of the input has these labels; give its Deployment or Helm release)",
    );
  walk.hop(
    "cluster",
    "no workload in the input: pods taken as gateways with the labels of the Service's selector",
    service.object,
    "spec.selector",
  );
  return [impliedGroup(service)];
}

function fitsSome(selector: Record<string, unknown>, labels: Record<string, unknown>): boolean {
  const keys = Object.keys(selector);
  return keys.length > 0 && keys.every((key) => labels[key] === selector[key]);
}

/** Equal replicas (live Pods) are one way. */
function distinct(groups: PodGroup[]): PodGroup[] {
  if (groups.length < 2) return groups;
  const key = (g: PodGroup): string =>
    JSON.stringify([
      g.isGateway,
      g.serviceAccount,
      Object.entries(g.labels)
        .filter(([k]) => !isWrittenLabel(k))
        .sort(),
    ]);
  return [...new Map(groups.map((group) => [key(group), group])).values()];
}

function byEndpointSlices(walk: Walk, service: Service): PodGroup[] {
  const slices = walk.mesh
    .objects("EndpointSlice")
    .filter(
      (slice) =>
        slice.namespace === service.namespace && slice.label("kubernetes.io/service-name") === service.object.name,
    );
  const addresses = slices.flatMap((slice) =>
    slice.root
      .at("endpoints")
      .list()
      .flatMap((e) => e.at("addresses").texts()),
  );
  const pods = addresses.map((address) => walk.mesh.podAt(address));
  if (pods.length === 0 || pods.some((p) => !p))
    throw new Undecided(
      service.object.id,
      "spec.selector (a Service without selector; the input does not say where its endpoints lead)",
    );
  return distinct((pods as Pods[]).map(groupOf));
}

export function toAddress(walk: Walk, address: string, port: number): Place {
  if (isLoopback(address)) return { kind: "self", port };
  if (address.startsWith("vip:pod/")) {
    const [, namespace, name] = address.slice(4).split("/") as [string, string, string];
    const pods = walk.mesh.podNamed(namespace, name);
    if (pods) return { kind: "pods", pods: groupOf(pods), port };
  }
  const pods = walk.mesh.podAt(address);
  if (pods) return { kind: "pods", pods: groupOf(pods), port };
  const service = walk.mesh.services.withAddress(address).find((s) => s.registry === "kubernetes");
  return service ? toService(walk, service, port) : { kind: "outside", host: address, port };
}

export function toName(walk: Walk, name: string, port: number): Place {
  const { services, config } = walk.mesh;
  const suffix = `.svc.${config.clusterDomain}`;
  const long = name.endsWith(".svc") ? `${name}.${config.clusterDomain}` : name;
  const service = services.byHost.at(long).find((s) => s.registry === "kubernetes");
  if (service) return toService(walk, service, port);
  if (long.endsWith(suffix))
    throw new Undecided(
      `Service ${long.slice(0, -suffix.length).split(".").reverse().join("/")}`,
      "(not in the input, but an endpoint names it)",
    );
  return { kind: "outside", host: name, port };
}

/** Another proxy's or kube-proxy's view: the Service's port number decides. */
function toService(walk: Walk, service: Service, number: number): Place {
  if (service.aliasOf !== undefined) return { kind: "outside", host: service.aliasOf, port: number };
  const port = service.ports.find((p) => p.number === number);
  if (port) return throughService(walk, service, port);
  walk.hop("cluster", `${service.object.id} has no port ${number}`, service.object, "spec.ports");
  return end(walk.blocked(unreachable(walk), `${service.object.id} has no port ${number}: add it to spec.ports`));
}

function noEndpoint(walk: Walk, missing: string): Outcome {
  return walk.blocked(unreachable(walk), missing);
}

/** What the application sees when the proxy finds no endpoint, or cannot connect. */
export function unreachable(walk: Walk): string {
  return walk.failed;
}

function end(outcome: Outcome): Place {
  return { kind: "end", outcome };
}
