import type { Call, Workload } from "../explain/types";
import { addressIn, isCidr } from "../mesh/addresses";
import { isWildcard, subsetOf } from "../mesh/hosts";
import type { HttpMatch } from "../mesh/httpRule";
import type { Mesh } from "../mesh/mesh";
import type { Port } from "../mesh/protocol";
import { Undecided } from "../mesh/unknown";
import type { RouteObject } from "../mesh/virtualService";
import { meshRoutesOf } from "./meshRoutes";

/** A call without its caller. */
export type Question = Omit<Call, "workload">;

/** The fields one by one: thousands of calls of one shape are faster to read than copies of questions of many shapes. */
export function callOf(question: Question, workload: Workload): Call {
  const { protocol, host, address, port, sni, path, method, headers, authority, httpVersion } = question;
  return { workload, protocol, host, address, port, sni, path, method, headers, authority, httpVersion };
}

/** Names below a wildcard that are asked about one by one: those that a route names. */
const MOST_NAMES = 50;
const MOST_ADDRESSES = 16;
const PROBE = "any-host";

/** What a workload can ask of one port of a host (a name or a ServiceEntry's wildcard), so that every way the mesh may treat it differently is asked. */
export function callsTo(mesh: Mesh, name: string, addresses: readonly string[], port: Port): Question[] {
  const routes = meshRoutesOf(mesh, name);
  const calls: Question[] = [];
  for (const host of hostsOf(name, routes)) {
    for (const protocol of protocolsOf(port)) {
      const call = { protocol, host, port: port.number };
      if (protocol === "tcp") for (const address of addressesOf(addresses)) calls.push({ ...call, address });
      else calls.push(call);
      if (protocol === "http")
        for (const variant of httpVariants(mesh, routes, host)) calls.push({ ...call, ...variant });
    }
  }
  return calls;
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

function addressesOf(addresses: readonly string[]): (string | undefined)[] {
  if (addresses.length === 0) return [undefined];
  return addresses.slice(0, MOST_ADDRESSES).map((each) => (isCidr(each) ? addressIn(each) : each));
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
