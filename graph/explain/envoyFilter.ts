/** An EnvoyFilter that selects a proxy may change anything there (Istio API `EnvoyFilter`): such a hop is not modelled. */
import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { Walk } from "./walk";

export function refusePatched(
  walk: Walk,
  stage: "sidecar-scope" | "gateway-listener",
  namespace: string,
  labels: Record<string, unknown>,
): void {
  if (!walk.mesh.has("EnvoyFilter")) return;
  const context = stage === "sidecar-scope" ? "SIDECAR_OUTBOUND" : "GATEWAY";
  const places = new Set([namespace, walk.mesh.config.rootNamespace]);
  for (const filter of walk.mesh.objects("EnvoyFilter")) {
    if (places.has(filter.namespace) && selects(filter, labels) && patches(filter, context)) {
      throw walk.unmodelled(
        stage,
        `EnvoyFilter ${filter.namespace}/${filter.name} on this proxy`,
        filter,
        "spec.configPatches",
      );
    }
  }
}

function selects(filter: MeshObject, labels: Record<string, unknown>): boolean {
  const selector = filter.spec.at("workloadSelector").at("labels");
  return fits(selector.rawMap(), labels, { object: filter.id, field: selector.path });
}

function patches(filter: MeshObject, context: string): boolean {
  return filter.spec
    .at("configPatches")
    .list()
    .some((patch) => ["", "ANY", context].includes(patch.at("match").at("context").text()));
}
