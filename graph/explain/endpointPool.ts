/**
 * Endpoints of a ServiceEntry's cluster. Istio pools them by host and namespace: all ServiceEntries of one host in one namespace lend
 * each other their endpoints, also those that the client may not see. DNS clusters match them by port number, others by port name.
 * Istio `model/endpointshards.go: CopyEndpoints`, `model/push_context.go: initServiceRegistry`, `xds/endpoints: BuildClusterLoadAssignment`.
 */
import { isAddress } from "../mesh/addresses";
import { fits } from "../mesh/labels";
import type { Port } from "../mesh/protocol";
import type { Endpoint, Service } from "../mesh/service";
import { readEndpoint } from "../mesh/serviceEntry";
import type { Pods } from "../mesh/workload";
import type { Cluster } from "./cluster";
import type { Walk } from "./walk";

/** An endpoint, the ServiceEntry that brings it, and the port dialled there. */
export interface Pooled {
  endpoint: Endpoint;
  service: Service;
  port: number;
}

export function pooledEndpoints(walk: Walk, cluster: Cluster, subset: Record<string, unknown> | undefined): Pooled[] {
  const own = cluster.scoped.service;
  const byNumber = own.resolution === "DNS" || own.resolution === "DNS_ROUND_ROBIN";
  const pool: Pooled[] = [];
  for (const service of siblings(walk, own)) {
    const port = service.ports.find((p) =>
      byNumber ? p.number === cluster.port.number : p.name === cluster.port.name,
    );
    if (!port) continue;
    for (const endpoint of endpointsOf(walk, service)) {
      if ((byNumber || isAddress(endpoint.address)) && inSubset(endpoint, subset))
        pool.push({ endpoint, service, port: endpoint.ports[port.name] ?? numberOf(port) });
    }
  }
  return pool;
}

/** The ServiceEntries of the same host and namespace, itself included. */
function siblings(walk: Walk, own: Service): Service[] {
  return walk.mesh.services.byHost
    .at(own.host)
    .filter((other) => other.namespace === own.namespace && other.registry === "external");
}

function endpointsOf(walk: Walk, service: Service): Endpoint[] {
  return service.selector ? [...service.endpoints, ...selected(walk, service, service.selector)] : service.endpoints;
}

/**
 * Endpoints that other ServiceEntries of the host and namespace bring for the port. A ServiceEntry of resolution NONE without addresses
 * then has no listener on 0.0.0.0 (but for HTTP): it is taken for a headless service, with a listener on each endpoint's address, and none
 * where that is a name. Istio `core/listener.go: buildSidecarOutboundListeners`; TLS ports as well, as seen on a real cluster.
 */
export function lentEndpoints(walk: Walk, own: Service, number: number): Endpoint[] {
  return siblings(walk, own)
    .filter((other) => other !== own && other.ports.some((port) => port.number === number))
    .flatMap((other) => endpointsOf(walk, other));
}

function numberOf(port: Port): number {
  return typeof port.target === "number" ? port.target : port.number;
}

function inSubset(endpoint: Endpoint, subset: Record<string, unknown> | undefined): boolean {
  return (
    !subset ||
    fits(subset, endpoint.labels, { object: endpoint.object?.id ?? "endpoint", field: `${endpoint.field}.labels` })
  );
}

/** workloadSelector: WorkloadEntries and pods of the ServiceEntry's own namespace. */
function selected(walk: Walk, service: Service, selector: Record<string, unknown>): Endpoint[] {
  const { namespace } = service;
  const place = { object: service.object.id, field: "spec.workloadSelector.labels" };
  const entries = walk.mesh
    .objects("WorkloadEntry")
    .filter((entry) => entry.namespace === namespace)
    .map((entry) => readEndpoint(entry.spec));
  const byName = service.resolution !== "STATIC";
  const found = entries.filter((e) => fits(selector, e.labels, place) && (byName || isAddress(e.address)));
  const pods = walk.mesh.podCandidates(namespace, selector).filter((p) => fits(selector, p.labels, place));
  return [...found, ...pods.map((p) => podEndpoint(p))];
}

function podEndpoint(pods: Pods): Endpoint {
  const address = pods.addresses[0] ?? `vip:pod/${pods.namespace}/${pods.name}`;
  return {
    address,
    ports: {},
    labels: pods.labels,
    serviceAccount: pods.serviceAccount,
    field: "",
    object: pods.object,
  };
}
