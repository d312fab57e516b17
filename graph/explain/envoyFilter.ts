/**
 * An EnvoyFilter that selects a proxy may change anything there (Istio API `EnvoyFilter`): such a hop is not modelled, but for the one
 * filter that resolves server names (graph/envoyFilter/sniForward).
 */
import { readSniForward, type SniForward } from "../envoyFilter/sniForward";
import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { PodGroup } from "./endpoints";
import type { Walk } from "./walk";

export function refusePatched(
  walk: Walk,
  stage: "sidecar-scope" | "gateway-listener",
  namespace: string,
  labels: Record<string, unknown>,
): void {
  if (!walk.mesh.has("EnvoyFilter")) return;
  const context = stage === "sidecar-scope" ? "SIDECAR_OUTBOUND" : "GATEWAY";
  for (const filter of selecting(walk, namespace, labels)) {
    if (sniForward(filter) === undefined && patches(filter, context)) {
      throw walk.unmodelled(
        stage,
        `EnvoyFilter ${filter.namespace}/${filter.name} on this proxy`,
        filter,
        "spec.configPatches",
      );
    }
  }
}

/** The filter that resolves server names for a listener of a gateway, and its object; two of them on one are not modelled. */
export function forwardAt(
  walk: Walk,
  group: PodGroup,
  port: number,
): (SniForward & { object: MeshObject }) | undefined {
  if (!walk.mesh.has("EnvoyFilter")) return undefined;
  const found = selecting(walk, group.namespace, group.labels).flatMap((object) => {
    const forward = sniForward(object);
    return forward?.listener === port ? [{ ...forward, object }] : [];
  });
  const [first, second] = found;
  if (second !== undefined)
    throw walk.unmodelled("gateway-route", `two EnvoyFilters on port ${port}`, second.object, "spec.configPatches");
  return first;
}

function selecting(walk: Walk, namespace: string, labels: Record<string, unknown>): MeshObject[] {
  const places = new Set([namespace, walk.mesh.config.rootNamespace]);
  return walk.mesh.objects("EnvoyFilter").filter((filter) => places.has(filter.namespace) && selects(filter, labels));
}

function selects(filter: MeshObject, labels: Record<string, unknown>): boolean {
  const selector = filter.spec.at("workloadSelector").at("labels");
  return fits(selector.rawMap(), labels, { object: filter.id, field: selector.path });
}

const read = new WeakMap<MeshObject, { forward: SniForward | undefined }>();

function sniForward(filter: MeshObject): SniForward | undefined {
  const known = read.get(filter) ?? { forward: readSniForward(filter.spec.rawMap()) };
  read.set(filter, known);
  return known.forward;
}

function patches(filter: MeshObject, context: string): boolean {
  return filter.spec
    .at("configPatches")
    .list()
    .some((patch) => ["", "ANY", context].includes(patch.at("match").at("context").text()));
}
