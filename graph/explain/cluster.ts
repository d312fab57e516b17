/**
 * Stage "cluster": does the proxy know the destination, with that port and subset?
 * Istio `model/sidecar.go: collectImportedServices, appendSidecarServices, pickBestVisibleNamespace` (sidecar),
 * `DefaultSidecarScopeForGateway` (gateway); Istio API `Destination`.
 */
import { seenFrom } from "../mesh/exportTo";
import type { Port } from "../mesh/protocol";
import { portOf, type Scoped, type Service, whole } from "../mesh/service";
import type { Destination, RouteObject } from "../mesh/virtualService";
import { imports, inRouteOrder } from "./routes";
import { fold, indexed, inOrder, type ListenerScope } from "./scope";
import type { SidecarScope } from "./sidecarScope";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

/** A proxy's view of services by host. */
export type FindService = (host: string) => Scoped | undefined;

export interface Cluster {
  scoped: Scoped;
  port: Port;
  subset: string;
}

/** Services of a sidecar: imported ones, then those that imported VirtualServices name. */
export function sidecarServices(walk: Walk, scope: SidecarScope): FindService {
  return (host) => {
    const found: Scoped[] = [];
    for (const listener of scope.listeners) found.push(...listener.host(host), ...pulled(walk, listener, host));
    return fold(found);
  };
}

function pulled(walk: Walk, listener: ListenerScope, host: string): Scoped[] {
  const routes = walk.mesh.routes.sendingTo(host).filter((route) => imports(listener, route));
  const services: Scoped[] = [];
  for (const route of routes.length > 1 ? inRouteOrder(walk, routes, listener.namespace) : routes) {
    const ports = destinationPorts(walk, route, host, listener.namespace);
    const service = ports && (indexed(walk, host, listener.namespace) ?? bestVisible(walk, host, listener.namespace));
    const trimmed = service && trim(whole(service), ports, listener);
    if (trimmed) services.push(trimmed);
  }
  return services;
}

/** Ports that the VirtualService names for the host; "all" if one destination names none; undefined: not named (any more). */
function destinationPorts(
  walk: Walk,
  route: RouteObject,
  host: string,
  namespace: string,
): Set<number> | "all" | undefined {
  const targets = [
    ...httpTargets(walk, route, namespace),
    ...[...route.tls, ...route.tcp].flatMap((rule) => rule.route),
  ];
  const named = targets.filter((target) => target.host === host);
  if (named.length === 0) return undefined;
  return named.some((target) => target.port === undefined)
    ? "all"
    : new Set(named.map((target) => target.port as number));
}

/** A rule whose last match with a sourceNamespace names another namespace, and none this one, pulls nothing. */
function httpTargets(walk: Walk, route: RouteObject, namespace: string): Destination[] {
  return walk.mesh.routes.http(route).flatMap((rule) => {
    const sources = rule.matches.map((match) => match.sourceNamespace).filter((source) => source !== "");
    if (sources.length > 0 && !sources.includes(namespace)) return [];
    return [...rule.route, ...rule.mirrors.map((mirror) => mirror.target)];
  });
}

function trim(scoped: Scoped, ports: Set<number> | "all", { settings }: ListenerScope): Scoped | undefined {
  const wanted = settings.port && settings.protocol !== "http_proxy" ? new Set([settings.port]) : ports;
  if (wanted === "all") return scoped;
  const kept = scoped.ports.filter((port) => wanted.has(port.number));
  return kept.length === 0 ? undefined : { ...scoped, ports: kept };
}

/** A visible Kubernetes Service, else the oldest visible ServiceEntry. */
function bestVisible(walk: Walk, host: string, namespace: string): Service | undefined {
  const namespaces = new Set(walk.mesh.services.byHost.at(host).map((service) => service.namespace));
  const visible = [...namespaces]
    .map((ns) => indexed(walk, host, ns))
    .filter((s) => s && seenFrom(s.exports, namespace)) as Service[];
  return visible.find((service) => service.registry === "kubernetes") ?? walk.ages.first(visible, (service) => service);
}

/** Services of a gateway: everything exported to its namespace, those exported by name first, then by age. */
export function gatewayServices(walk: Walk, namespace: string): FindService {
  return (host) => {
    const visible = walk.mesh.services.at(host, namespace).map(whole);
    return fold(visible.length < 2 ? visible : inOrder(walk, visible));
  };
}

/** An ExternalName Service as destination means the service that it names. */
export function concrete(find: FindService, target: Destination): Destination {
  const alias = find(target.host)?.service.aliasOf;
  return alias === undefined ? target : { ...target, host: alias };
}

export function findCluster(
  walk: Walk,
  find: FindService,
  target: Destination,
  number: number,
  apiRoute: boolean,
): Cluster | Outcome {
  const scoped = find(target.host);
  const port = scoped && portOf(scoped, number);
  if (scoped && port && port.kind !== "udp" && hasEndpointNames(walk, scoped.service)) {
    walk.hop("cluster", `${scoped.service.host}:${number} is known`, scoped.service.object, "spec.ports");
    return { scoped, port, subset: target.subset };
  }
  const why = missingWhy(walk, scoped, target, number);
  walk.hop("cluster", `no cluster ${target.host}:${number}`, target.object, target.field);
  const seen = walk.decoded && apiRoute ? "HTTP 500" : walk.failed;
  return walk.blocked(seen, `${target.object.id} ${target.field} sends to ${target.host}:${number}, but ${why}`);
}

/** A cluster of a DNS kind without endpoints is not made at all. */
function hasEndpointNames(_walk: Walk, service: Service): boolean {
  const byName = service.resolution === "DNS" || service.resolution === "DNS_ROUND_ROBIN";
  return !byName || service.selector !== undefined || service.endpoints.length > 0;
}

function missingWhy(walk: Walk, scoped: Scoped | undefined, target: Destination, number: number): string {
  if (!scoped) return absentWhy(walk, target.host);
  const { service } = scoped;
  const ports = scoped.ports.map((port) => port.number).join(", ");
  if (!portOf(scoped, number))
    return `${service.object.id} as this proxy sees it has no port ${number} (it has ${ports}): add it to spec.ports`;
  return `${service.object.id} resolves by DNS and has no endpoint: add spec.endpoints`;
}

function absentWhy(walk: Walk, host: string): string {
  const hidden = walk.mesh.services.byHost.at(host)[0];
  if (!hidden) return "no Service or ServiceEntry has this host: create one";
  return `${hidden.object.id} is not visible to this proxy: check its exportTo`;
}
