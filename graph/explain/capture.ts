/**
 * Stage "capture": has the pod a sidecar, and does this connection pass through it?
 * Istio docs "Traffic capture"; `tools/istio-iptables/pkg/capture/run.go`.
 */
import { isLoopback, prefixMatch } from "../mesh/addresses";
import { noSidecar } from "../mesh/injection";
import { UNKNOWN, Undecided } from "../mesh/unknown";
import type { Walk } from "./walk";

const PROXY_ID = 1337;

/** Undefined: captured. Else why not. */
export function notCaptured(walk: Walk, address: string | undefined): string | undefined {
  return notInjected(walk) ?? notRedirected(walk, address);
}

function notInjected(walk: Walk): string | undefined {
  const { workload } = walk.call;
  const namespace = walk.mesh.namespaces.get(workload.namespace);
  const none = noSidecar(workload, namespace);
  if (none) return say(walk, none.why, none.field);
  if (!namespace && !workload.injected)
    walk.hop("capture", `no manifest of namespace ${workload.namespace}: taken as injected`);
  return undefined;
}

/** Annotations `traffic.sidecar.istio.io/…`, in the order of the redirect rules: the first that fits decides. */
function notRedirected(walk: Walk, address: string | undefined): string | undefined {
  const { podAnnotations = {}, runAsUser, runAsGroup } = walk.call.workload;
  const list = (key: string): string[] => split(podAnnotations[`traffic.sidecar.istio.io/${key}`]);
  if (podAnnotations["sidecar.istio.io/interceptionMode"] === "NONE")
    return say(walk, "annotation sidecar.istio.io/interceptionMode is NONE");
  const port = String(walk.call.port);
  if (list("excludeOutboundPorts").includes(port)) return say(walk, `annotation excludeOutboundPorts names ${port}`);
  if (runAsUser === PROXY_ID || runAsGroup === PROXY_ID)
    return say(walk, `the application runs as the proxy's id ${PROXY_ID}`);
  if (address !== undefined && isLoopback(address)) return say(walk, "loopback addresses are not captured");
  return byRange(walk, address, list);
}

function byRange(walk: Walk, address: string | undefined, list: (key: string) => string[]): string | undefined {
  const excluded = list("excludeOutboundIPRanges");
  if (excluded.length > 0 && inside(walk, address, excluded))
    return say(walk, "annotation excludeOutboundIPRanges covers the address");
  if (list("includeOutboundPorts").includes(String(walk.call.port))) return undefined;
  const declared = walk.call.workload.podAnnotations?.["traffic.sidecar.istio.io/includeOutboundIPRanges"];
  if (declared === undefined) return undefined;
  const included = split(declared);
  if (included.includes("*") || (included.length > 0 && inside(walk, address, included))) return undefined;
  return say(walk, "annotation includeOutboundIPRanges does not cover the address");
}

/** Whether the dialled address is in the ranges; an address that nobody named may be either. */
function inside(walk: Walk, address: string | undefined, ranges: string[]): boolean {
  if (ranges.some((range) => range === "0.0.0.0/0" || range === "*")) return true;
  if (address === undefined || address.startsWith("vip:")) return walk.choices.pick([true, false]);
  return ranges.some((range) => prefixMatch(address, range) !== undefined);
}

function say(walk: Walk, why: string, field?: string): string {
  const namespace = walk.mesh.namespaces.get(walk.call.workload.namespace);
  walk.hop("capture", why, field ? namespace : undefined, field);
  return why;
}

function split(text: string | undefined): string[] {
  if ((text as unknown) === UNKNOWN)
    throw new Undecided("the workload", "metadata.annotations (traffic.sidecar.istio.io/…)");
  if (text === undefined) return [];
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
