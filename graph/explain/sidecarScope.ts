/**
 * Stage "sidecar-scope": which Sidecar applies, what it imports, and what becomes of calls that nothing names.
 * Istio API `Sidecar`; `model/push_context.go: initSidecarScopes, doGetSidecarScope`; `model/sidecar.go: convertToSidecarScope`.
 */
import { fits } from "../mesh/labels";
import type { OutboundMode } from "../mesh/meshConfig";
import { defaultListener, type SidecarResource } from "../mesh/sidecar";
import { refusePatched } from "./envoyFilter";
import { refuseForClient } from "./invalid";
import { ListenerScope } from "./scope";
import type { Walk } from "./walk";

export interface SidecarScope {
  sidecar?: SidecarResource;
  namespace: string;
  listeners: ListenerScope[];
  mode: OutboundMode;
}

export function sidecarScope(walk: Walk): SidecarScope {
  const { namespace } = walk.call.workload;
  refuseForClient(walk);
  const sidecar = ownSidecar(walk) ?? rootSidecar(walk);
  const mode = sidecar?.outboundMode ?? walk.mesh.config.outboundMode;
  const settings = sidecar?.listeners(namespace) ?? [defaultListener(namespace)];
  const listeners = settings.map((s) => new ListenerScope(walk, namespace, s));
  say(walk, sidecar, mode);
  refusePatched(walk, "sidecar-scope", namespace, walk.call.workload.labels);
  return { sidecar, namespace, listeners, mode };
}

function say(walk: Walk, sidecar: SidecarResource | undefined, mode: OutboundMode): void {
  const own = sidecar?.outboundMode !== undefined;
  const policy = own ? `its outboundTrafficPolicy is ${mode}` : `the mesh's outboundTrafficPolicy is ${mode}`;
  if (!sidecar) {
    walk.hop(
      "sidecar-scope",
      `no Sidecar applies: everything visible to namespace ${walk.call.workload.namespace} is imported; ${policy}`,
    );
  } else {
    walk.hop(
      "sidecar-scope",
      `this Sidecar applies; ${policy}`,
      sidecar.object,
      own ? "spec.outboundTrafficPolicy.mode" : "spec.egress",
    );
  }
}

/** Those with a workloadSelector before those without, the older before the younger; the first that fits is used alone. */
function ownSidecar(walk: Walk): SidecarResource | undefined {
  const { namespace, labels } = walk.call.workload;
  const candidates = walk.mesh.sidecarCandidates(namespace, labels);
  const selecting = candidates.filter(
    (s) => s.selector && fits(s.selector, labels, { object: s.object.id, field: "spec.workloadSelector.labels" }),
  );
  return (
    oldest(walk, selecting) ??
    oldest(
      walk,
      candidates.filter((s) => !s.selector),
    )
  );
}

/** A selector-less Sidecar of the root namespace, read as if it lived in the pod's namespace. */
function rootSidecar(walk: Walk): SidecarResource | undefined {
  const root = walk.mesh.config.rootNamespace;
  if (root === walk.call.workload.namespace) return undefined;
  return oldest(
    walk,
    walk.mesh.sidecarCandidates(root, {}).filter((s) => !s.selector),
  );
}

function oldest(walk: Walk, sidecars: SidecarResource[]): SidecarResource | undefined {
  return walk.ages.first(sidecars, (s) => ({ object: s.object, sortName: s.object.name }));
}
