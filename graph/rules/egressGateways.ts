import type { GatewayObject } from "../mesh/gateway";
import { fqdn } from "../mesh/hosts";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { Undecided } from "../mesh/unknown";
import type { Value } from "../mesh/value";
import type { RouteObject } from "../mesh/virtualService";
import type { Pods } from "../mesh/workload";
import type { RuleContext } from "./rule";

/** What a Gateway serves: `egress` sends to the outside, `ingress` only inwards, `idle` has no route yet. */
export type Direction = "egress" | "ingress" | "idle";

/** The Gateways and, worked out from the routes bound to each, their direction. */
export function gatewayDirections({ mesh }: RuleContext): Map<GatewayObject, Direction> {
  return new Map([...mesh.gateways.all()].map((gateway) => [gateway, directionOf(mesh, gateway)]));
}

/** Gateways that lead outside. */
export function egressGateways(context: RuleContext): GatewayObject[] {
  return [...context.shared(gatewayDirections)]
    .filter(([, direction]) => direction === "egress")
    .map(([gateway]) => gateway);
}

function directionOf(mesh: Mesh, gateway: GatewayObject): Direction {
  const routes = mesh.routes.boundTo(gateway.key);
  let bound = false;
  for (const host of routes.names()) {
    for (const route of routes.at(host)) {
      bound = true;
      for (const destination of destinationsOf(route, mesh)) if (isOutside(mesh, destination)) return "egress";
    }
  }
  return bound ? "ingress" : "idle";
}

/** Whether a ServiceEntry for something outside the mesh has the host. */
export function isOutside(mesh: Mesh, host: string): boolean {
  const { byHost } = mesh.services;
  return byHost
    .covering(host)
    .some((name) => byHost.at(name).some((service) => service.registry === "external" && external(service)));
}

function external(service: { external: boolean }): boolean {
  try {
    return service.external;
  } catch (error) {
    if (error instanceof Undecided) return true;
    throw error;
  }
}

/** Hosts that a route sends to or mirrors to. What is not known yet is left out: the rule about calls says it. */
export function destinationsOf(route: RouteObject, mesh: Mesh): Set<string> {
  const found = new Set<string>();
  const domain = mesh.config.clusterDomain;
  const take = (read: () => string) => {
    try {
      const host = read();
      if (host !== "") found.add(fqdn(host, route.namespace, domain));
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  };
  for (const rule of lists(() => route.http)) {
    for (const target of lists(() => rule.at("route").list())) take(() => target.at("destination").at("host").text());
    for (const mirror of lists(() => rule.at("mirrors").list())) take(() => mirror.at("destination").at("host").text());
    take(() => rule.at("mirror").at("host").text());
  }
  for (const rule of [...lists(() => route.tls), ...lists(() => route.tcp)])
    for (const destination of rule.route) take(() => destination.host);
  return found;
}

function lists<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof Undecided) return [];
    throw error;
  }
}

/** Namespaces whose known pods are gateways and nothing else: what only they see is a gateway's own side. */
export function gatewayNamespaces({ mesh }: RuleContext): ReadonlySet<string> {
  const gateways = new Set<string>([mesh.config.rootNamespace]);
  const others = new Set<string>();
  for (const pods of mesh.pods) (isGateway(pods) ? gateways : others).add(pods.namespace);
  for (const namespace of others) gateways.delete(namespace);
  return gateways;
}

/** Pods whose template is not known yet count as applications. */
export function isGateway(pods: Pods): boolean {
  try {
    return pods.isGateway;
  } catch (error) {
    if (error instanceof Undecided) return false;
    throw error;
  }
}

/** The pod template of a Deployment, CronJob, Pod …, with the path as written. */
export function templateOf(object: MeshObject): Value {
  if (object.kind === "Pod") return object.root;
  if (object.kind === "CronJob") return object.spec.at("jobTemplate").at("spec").at("template");
  return object.spec.at("template");
}
