import type { AccessLine, ReadLine } from "./accessLine";
import { clusterOf } from "./cluster";
import { addressOf, text } from "./fields";

/** What is known of the proxies whose logs are read, beyond what their lines say. */
export interface KnownProxies {
  /** Gateways by the identity of their pods: "namespace/account" to "namespace/name". */
  gateways: ReadonlyMap<string, string>;
  /** Pods of a live cluster by name, and by "namespace/name". */
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

export const NOTHING_KNOWN: KnownProxies = { gateways: new Map(), pods: new Map(), callers: new Map() };

/** The proxy that wrote a line, and on which side of it the call came in. */
export interface LogProxy {
  /** `inbound`: a call that came to a pod of the mesh, or the second pass of one that its gateway has seen already. */
  role: "sidecar" | "gateway" | "inbound";
  /** "namespace/account", where known. */
  account?: string;
}

/** Tells by the line itself first, by its pod then. A line that says nothing of its proxy counts as a sidecar's. */
export function proxyOf({ line, pod }: ReadLine, known: KnownProxies): LogProxy {
  const name = text(line.pod_name) ?? pod?.name;
  const live = name === undefined ? undefined : known.pods.get(pod?.namespace ? `${pod.namespace}/${name}` : name);
  const account = accountOf(line, live);
  const ip = text(line.pod_ip) ?? live?.ip;
  const role = roleOf(
    line,
    ip,
    live?.gateway ?? (account !== undefined && known.gateways.has(account) ? true : undefined),
  );
  return account === undefined ? { role } : { role, account };
}

function accountOf(line: AccessLine, live: KnownPod | undefined): string | undefined {
  const [namespace, account] = [text(line.pod_namespace), text(line.service_account)];
  if (namespace !== undefined && account !== undefined) return `${namespace}/${account}`;
  return live === undefined ? undefined : `${live.namespace}/${live.account}`;
}

const LOOPBACK = "127.0.0.1";

function roleOf(line: AccessLine, ip: string | undefined, gateway: boolean | undefined): LogProxy["role"] {
  const cluster = text(line.upstream_cluster) ?? "";
  if (cluster.startsWith("inbound|") || cluster.startsWith("InboundPassthrough")) return "inbound";
  const remote = addressOf(line.downstream_remote_address);
  const local = addressOf(line.downstream_local_address);
  // The second pass of a connection through its gateway, or a probe.
  if (remote === LOOPBACK) return "inbound";
  if (gateway === true || clusterOf(cluster)?.tunnel) return "gateway";
  // A sidecar's own pod calls; a gateway is called by others, at its own address.
  const own = ip ?? addressOf(line.upstream_local_address);
  if (own !== undefined && own === remote && own !== local) return "sidecar";
  if (own !== undefined && own === local) return gateway === false ? "inbound" : "gateway";
  if (gateway === false) return "sidecar";
  // Requests that came by TLS which ended here.
  const ended = text(line.principal) !== undefined || (text(line.method) !== undefined && sni(line) !== undefined);
  return ended ? "gateway" : "sidecar";
}

function sni(line: AccessLine): string | undefined {
  return text(line.requested_server_name);
}
