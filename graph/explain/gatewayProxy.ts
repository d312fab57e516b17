import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import { once } from "../mesh/once";
import type { Service } from "../mesh/service";
import type { PodGroup } from "./endpoints";
import type { PortServers } from "./gatewayServers";
import type { Request } from "./route";
import type { TlsLayer } from "./transport";
import type { Walk } from "./walk";

/** A gateway that the call has reached. */
export interface GatewayProxy {
  group: PodGroup;
  /** "namespace/service". */
  name: string;
  /** Services that select its pods: they translate server ports to container ports. */
  services: Service[];
  /** What its many callers share, once it is known: servers by port and bind address, and policies. */
  known: { servers: Map<string, PortServers>; policies?: MeshObject[] };
}

/** Bytes on their way between proxies. */
export interface Wire {
  /** TLS sessions, the outermost first. */
  tls: TlsLayer[];
  payload: "http" | "tcp";
  request: Request;
  /** SPIFFE id of the sender's mesh certificate ("cluster.local/ns/…/sa/…"), if the outermost session bears it. */
  sender: string;
  /** IP of the sender's pod; undefined: not known. */
  sourceIp?: string;
}

/** Proxies of a group by the Service on the way. */
const proxies = once((_: PodGroup) => new Map<Service | undefined, GatewayProxy>());

export function gatewayProxy(walk: Walk, group: PodGroup, via: Service | undefined): GatewayProxy {
  const found = proxies(group).get(via) ?? newProxy(walk, group, via);
  proxies(group).set(via, found);
  return found;
}

function newProxy(walk: Walk, group: PodGroup, via: Service | undefined): GatewayProxy {
  const place = { object: `pods of ${group.name}`, field: "labels" };
  const selecting = walk.mesh
    .serviceCandidates(group.namespace, group.labels)
    .filter((service) => fits(service.selector ?? {}, group.labels, place));
  const name = via ?? selecting[0];
  return {
    group,
    name: name ? `${name.namespace}/${name.object.name}` : `${group.namespace}/${group.name}`,
    services: selecting,
    known: { servers: new Map() },
  };
}

/** Service ports by age of the Service, then host: the first that has the number translates it; none: the number itself. */
export function containerPorts(walk: Walk, gateway: GatewayProxy, number: number, apiServices?: string[]): number[] {
  const matching = gateway.services.filter((service) => service.ports.some((port) => port.number === number));
  if (apiServices) {
    const known = matching.filter((service) => apiServices.includes(service.host));
    return [...new Set(known.map((service) => targetOf(gateway, service, number)))];
  }
  const counted = matching.filter(
    (service) => service.object.labels["experimental.istio.io/disable-gateway-port-translation"] === undefined,
  );
  const first = walk.ages.first(counted, (service) => service);
  return [first ? targetOf(gateway, first, number) : number];
}

function targetOf(gateway: GatewayProxy, service: Service, number: number): number {
  const target = service.ports.find((port) => port.number === number)?.target;
  if (typeof target === "string") return gateway.group.pods?.containerPort(target) ?? number;
  return target ?? number;
}

/** SPIFFE id without its scheme. */
export function principal(walk: Walk, namespace: string, serviceAccount: string): string {
  return `${walk.mesh.config.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
