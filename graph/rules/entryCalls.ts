import type { Call } from "../explain/types";
import { addressIn, isCidr } from "../mesh/addresses";
import { isWildcard, subsetOf } from "../mesh/hosts";
import type { HttpMatch } from "../mesh/httpRule";
import type { Mesh } from "../mesh/mesh";
import type { Port } from "../mesh/protocol";
import type { Service } from "../mesh/service";
import { Undecided } from "../mesh/unknown";
import type { RouteObject } from "../mesh/virtualService";
import { meshRoutesOf } from "./meshRoutes";

/** A call without its caller. */
export type Question = Omit<Call, "workload">;

/** Names below a wildcard that are asked about one by one: those that a route names. */
const MOST_NAMES = 50;
const MOST_ADDRESSES = 16;
const PROBE = "any-host";

/** What a workload can ask of one port of a ServiceEntry's host, so that every way the mesh may treat it differently is asked. */
export function callsTo(mesh: Mesh, service: Service, port: Port): Question[] {
  const routes = meshRoutesOf(mesh, service.host);
  return hostsOf(service.host, routes).flatMap((host) =>
    protocolsOf(port).flatMap((protocol): Question[] => {
      if (protocol === "tcp")
        return addressesOf(service).map((address) => ({ protocol, host, port: port.number, address }));
      const call = { protocol, host, port: port.number };
      return protocol === "tls"
        ? [call]
        : [call, ...httpVariants(mesh, routes, host).map((variant) => ({ ...call, ...variant }))];
    }),
  );
}

function protocolsOf({ kind }: Port): Call["protocol"][] {
  if (kind === "udp") return [];
  return kind === "detect" ? ["http", "tls", "tcp"] : [kind];
}

/** The host; of a wildcard any name below it, and every name below it that a route singles out. */
function hostsOf(host: string, routes: RouteObject[]): string[] {
  if (!isWildcard(host)) return [host];
  const names = routes.flatMap((route) => route.hosts).filter((name) => !isWildcard(name) && subsetOf(name, host));
  return [...new Set([`${PROBE}${host.slice(1)}`, ...names.slice(0, MOST_NAMES)])];
}

function addressesOf(service: Service): (string | undefined)[] {
  const { addresses } = service;
  return addresses.length === 0
    ? [undefined]
    : addresses.slice(0, MOST_ADDRESSES).map((each) => (isCidr(each) ? addressIn(each) : each));
}

/** Requests that meet each match of the routes for the host: a rule for one path may lead elsewhere than the rest. */
function httpVariants(mesh: Mesh, routes: RouteObject[], host: string): Partial<Question>[] {
  const variants = new Map<string, Partial<Question>>();
  for (const route of routes) {
    for (const match of matchesOf(mesh, route)) {
      const variant = variantOf(match, host);
      if (Object.keys(variant).length > 0) variants.set(JSON.stringify(variant), variant);
    }
  }
  return [...variants.values()];
}

function matchesOf(mesh: Mesh, route: RouteObject): HttpMatch[] {
  try {
    return mesh.routes.http(route).flatMap((rule) => rule.matches);
  } catch (error) {
    if (error instanceof Undecided) return [];
    throw error;
  }
}

/** A request of which the match says yes; conditions by pattern are left to the engine, which answers for them. */
function variantOf({ uri, method, headers, queryParams, authority }: HttpMatch, host: string): Partial<Question> {
  const query = queryParams
    .filter(([, match]) => match.type === "exact")
    .map(([name, match]) => `${name}=${match.value}`);
  const path = uri?.value !== undefined && uri.type !== "regex" ? uri.value : "/";
  const named = headers
    .filter(([, match]) => match.type !== "regex")
    .map(([name, match]) => [name, match.value || "x"] as const);
  return {
    ...((path !== "/" || query.length > 0) && { path: query.length === 0 ? path : `${path}?${query.join("&")}` }),
    ...(method?.type === "exact" && { method: method.value }),
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
    ...(authority?.type === "exact" && authority.value !== host && { authority: authority.value }),
  };
}
