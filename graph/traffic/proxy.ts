import type { AccessLine, ReadLine } from "./accessLine";

/** What is known of the proxies whose logs are read, beyond what their lines say. */
export interface KnownProxies {
  /** Gateways, "namespace/name" of their service account, as the charts call the release. */
  gateways: ReadonlySet<string>;
  /** Pods by name, of a live cluster. */
  pods: ReadonlyMap<string, KnownPod>;
  /** "namespace/account" by the address of a pod, of a live cluster. */
  callers: ReadonlyMap<string, string>;
}

export interface KnownPod {
  namespace: string;
  account: string;
  ip: string;
  gateway: boolean;
}

export const NOTHING_KNOWN: KnownProxies = { gateways: new Set(), pods: new Map(), callers: new Map() };

/** The proxy that wrote a line, and on which side of it the call came in. */
export interface Proxy {
  /** `inbound`: a call that came to a pod of the mesh, or stays in the mesh. */
  role: "sidecar" | "gateway" | "inbound";
  /** "namespace/account", where known. */
  account?: string;
}

/** Tells by the line itself first, by its pod then. A line that says nothing of its proxy counts as a sidecar's. */
export function proxyOf({ line, pod }: ReadLine, known: KnownProxies): Proxy {
  const name = text(line.pod_name) ?? pod?.name;
  const live = name === undefined ? undefined : known.pods.get(name);
  const account = accountOf(line, live);
  const ip = text(line.pod_ip) ?? live?.ip;
  const role = roleOf(line, ip, live?.gateway ?? (account !== undefined && known.gateways.has(account) ? true : undefined));
  return account === undefined ? { role } : { role, account };
}

function accountOf(line: AccessLine, live: KnownPod | undefined): string | undefined {
  const [namespace, account] = [text(line.pod_namespace), text(line.service_account)];
  if (namespace !== undefined && account !== undefined) return `${namespace}/${account}`;
  return live === undefined ? undefined : `${live.namespace}/${live.account}`;
}

function roleOf(line: AccessLine, ip: string | undefined, gateway: boolean | undefined): Proxy["role"] {
  const cluster = line.upstream_cluster ?? "";
  if (cluster.startsWith("inbound|") || cluster.startsWith("InboundPassthrough")) return "inbound";
  if (gateway === true) return "gateway";
  const remote = addressOf(line.downstream_remote_address);
  const local = addressOf(line.downstream_local_address);
  // A sidecar's own pod calls; a gateway is called by others, at its own address.
  const own = ip ?? addressOf(line.upstream_local_address);
  if (own !== undefined && own === remote && own !== local) return "sidecar";
  if (own !== undefined && own === local) return gateway === false ? "inbound" : "gateway";
  return text(line.principal) === undefined ? "sidecar" : "gateway";
}

/** A field's text; Envoy writes what is not there as null or "-". */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}

/** The address of "address:port", without the brackets of IPv6. */
export function addressOf(value: unknown): string | undefined {
  const colon = typeof value === "string" ? value.lastIndexOf(":") : -1;
  if (colon < 1) return undefined;
  return (value as string).slice(0, colon).replace(/^\[|\]$/g, "");
}

/** The port of "address:port". */
export function portOf(value: unknown): number | undefined {
  const port = typeof value === "string" ? Number(value.slice(value.lastIndexOf(":") + 1)) : Number.NaN;
  return Number.isInteger(port) && port > 0 ? port : undefined;
}
