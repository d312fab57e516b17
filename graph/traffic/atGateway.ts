import { servicePort } from "../intent/containerPort";
import type { AccessLine } from "./accessLine";
import { clusterOf } from "./cluster";
import { addressOf, portOf, printable, text } from "./fields";
import { failed, flagsOf, hostOf, isRequest, isSilent, refusedByPolicy, timeOf } from "./lineFacts";
import type { CallOutcome, LoggedCall, Reason } from "./loggedCall";
import type { KnownProxies, LogProxy } from "./proxy";
import type { Seen } from "./seen";

const IDENTITY = /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** A call at a gateway. */
export function atGateway(line: AccessLine, { account }: LogProxy, known: KnownProxies): Seen {
  const gateway = account === undefined ? undefined : (known.gateways.get(account) ?? account);
  const { outcome, reason } = judged(line);
  const call: LoggedCall = {
    caller: callerOf(line, known),
    ...placeOf(line),
    ...(isRequest(line) && { protocol: "http" as const }),
    outcome,
    by: "gateway",
    ...(gateway !== undefined && { gateway }),
    reason,
    time: timeOf(line),
  };
  return { kind: "call", call };
}

function judged(line: AccessLine): { outcome: CallOutcome; reason: Reason } {
  const flags = flagsOf(line);
  if (refusedByPolicy(line) || flags.includes("UAEX")) return { outcome: "denied", reason: "authorization" };
  if (flags.includes("RL")) return { outcome: "denied", reason: "rate-limit" };
  if (text(line.response_code_details) === "filter_chain_not_found") return { outcome: "denied", reason: "no-server" };
  if (flags.includes("NR")) return { outcome: "denied", reason: "no-route" };
  if (flags.includes("NC")) return { outcome: "denied", reason: "no-cluster" };
  if (flags.includes("DPE")) return { outcome: "failed", reason: "protocol" };
  if (text(line.upstream_cluster)?.startsWith("BlackHole")) return { outcome: "denied", reason: "no-route" };
  if (failed(flags)) return { outcome: "failed", reason: "upstream" };
  return isRequest(line) ? { outcome: "allowed", reason: "arrived" } : connection(line);
}

/**
 * Envoy dials the destination before the handshake with the caller ends: a caller who is refused there leaves a line
 * with a destination and not a byte either way.
 */
function connection(line: AccessLine): { outcome: CallOutcome; reason: Reason } {
  if (isSilent(line)) return { outcome: "denied", reason: "identity" };
  const nothingBack = Number(line.bytes_sent ?? 1) === 0;
  if (nothingBack && clusterOf(line.upstream_cluster)?.tunnel) return { outcome: "denied", reason: "inner-name" };
  return { outcome: "allowed", reason: "arrived" };
}

function callerOf(line: AccessLine, known: KnownProxies): string {
  const principal = text(line.principal);
  const [, namespace, account] = (principal && IDENTITY.exec(principal)) || [];
  if (namespace !== undefined) return printable(`${namespace}/${account}`);
  const address = addressOf(line.downstream_remote_address);
  return printable(principal ?? (address && (known.callers.get(address) ?? address)) ?? "unknown");
}

/** Where the route leads; of a wildcard the name that was asked for. Without a route, what was asked for. */
function placeOf(line: AccessLine): Pick<LoggedCall, "host" | "port"> {
  const cluster = clusterOf(line.upstream_cluster);
  const container = portOf(line.downstream_local_address);
  const dialled = container === undefined ? undefined : servicePort(container);
  const port = cluster === undefined || cluster.tunnel ? dialled : cluster.port;
  const asked = hostOf(line.authority);
  const routed = cluster?.wildcard && asked !== undefined ? undefined : cluster?.host;
  const host = routed ?? asked ?? text(line.requested_server_name) ?? "unknown";
  return { host: printable(host), ...(port !== undefined && { port }) };
}
