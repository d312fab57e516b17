import type { AccessLine } from "./accessLine";
import { type ClusterName, clusterOf } from "./cluster";
import { addressOf, portOf, printable, text } from "./fields";
import { failed, flagsOf, hostOf, isRequest, timeOf } from "./lineFacts";
import type { CallOutcome, LoggedCall, Reason } from "./loggedCall";
import type { KnownProxies, LogProxy } from "./proxy";
import type { Seen } from "./seen";

/** A Service of the cluster, as Kubernetes names it. */
const SERVICE = /\.svc(\.|$)/;
/** The peer's word that it takes no such certificate (Envoy, BoringSSL's alerts). */
const REFUSED_CERTIFICATE = /ALERT_(BAD_|UNSUPPORTED_)?CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED/;

/** A call at the caller's sidecar. */
export function atSidecar(line: AccessLine, { account }: LogProxy, known: KnownProxies): Seen {
  const cluster = clusterOf(line.upstream_cluster);
  if (cluster !== undefined && SERVICE.test(cluster.host)) return { kind: "inside" };
  const judged = judgedBy(line, cluster);
  if (judged === undefined) return { kind: "inside" };
  const call: LoggedCall = {
    caller: printable(account ?? callerOf(line, known)),
    ...placeOf(line, cluster),
    outcome: judged.outcome,
    by: "sidecar",
    reason: judged.reason,
    time: timeOf(line),
  };
  return { kind: judged.reason === "forwarded" ? "forwarded" : "call", call };
}

/** Undefined for what the sidecar answers itself without refusing: redirects, faults that a VirtualService makes. */
function judgedBy(
  line: AccessLine,
  cluster: ClusterName | undefined,
): { outcome: CallOutcome; reason: Reason } | undefined {
  const name = text(line.upstream_cluster) ?? "";
  const flags = flagsOf(line);
  if (name.startsWith("BlackHole") || isBlockAll(line)) return { outcome: "denied", reason: "unknown-host" };
  if (name.startsWith("Passthrough")) return outside(flags);
  if (flags.includes("NC")) return { outcome: "denied", reason: "no-cluster" };
  if (flags.includes("NR")) return { outcome: "denied", reason: "no-route" };
  if (flags.includes("DPE")) return { outcome: "failed", reason: "protocol" };
  if (cluster === undefined) return undefined;
  if (!failed(flags)) return { outcome: "allowed", reason: "forwarded" };
  return REFUSED_CERTIFICATE.test(text(line.upstream_transport_failure_reason) ?? "")
    ? { outcome: "denied", reason: "identity" }
    : { outcome: "failed", reason: "gateway" };
}

/** The last route of a sidecar under REGISTRY_ONLY (Istio, `route_cache.go: BuildCatchAllVirtualHost`). */
function isBlockAll({ response_code, response_code_details }: AccessLine): boolean {
  return Number(response_code) === 502 && text(response_code_details) === "direct_response";
}

function outside(flags: readonly string[]): { outcome: CallOutcome; reason: Reason } {
  return failed(flags) ? { outcome: "failed", reason: "upstream" } : { outcome: "allowed", reason: "passthrough" };
}

function callerOf(line: AccessLine, known: KnownProxies): string {
  const address = addressOf(line.downstream_remote_address);
  return (address && (known.callers.get(address) ?? address)) ?? "unknown";
}

/** Where the route leads, as the gateway's log names it; else what was asked for, at the port that was dialled. */
function placeOf(line: AccessLine, cluster: ClusterName | undefined): Pick<LoggedCall, "host" | "port" | "protocol"> {
  const asked = hostOf(line.authority);
  const sni = text(line.requested_server_name);
  const address = addressOf(line.downstream_local_address);
  const protocol = isRequest(line) ? "http" : sni === undefined ? "tcp" : "tls";
  const routed = cluster?.wildcard && asked !== undefined ? undefined : cluster?.host;
  const port = cluster?.port ?? portOf(line.downstream_local_address) ?? portOf(line.authority);
  const host = printable(routed ?? asked ?? sni?.toLowerCase() ?? address ?? "unknown");
  return { host, protocol, ...(port && { port }) };
}
