import type { MeshObject } from "../mesh/object";
import { Undecided } from "../mesh/unknown";
import type { RuleContext } from "./rule";

/** Where the mesh's own config stands: the ConfigMap `istio` of the root namespace, or istiod's Helm release. */
export function meshConfigObjects({ mesh }: RuleContext): MeshObject[] {
  const map = mesh.object("ConfigMap", mesh.config.rootNamespace, "istio");
  return map ? [map] : mesh.objects("Release").filter((release) => chartName(release) === "istiod");
}

/**
 * The name of a Release's chart, without folder, version and archive: `istiod` of `oci://…/istiod`, `./charts/istiod`
 * or `istiod-1.31.0.tgz`; empty where it is not known yet. Istio's repository calls istiod's folder `istio-discovery`.
 */
export function chartName(release: MeshObject): string {
  const last = chartOf(release).replace(/\/+$/, "").split("/").at(-1) ?? "";
  const name = last.replace(/\.tgz$/, "").replace(/-v?\d+\.\d.*$/, "");
  return name === "istio-discovery" ? "istiod" : name;
}

function chartOf(release: MeshObject): string {
  try {
    return release.spec.at("chart").text();
  } catch (error) {
    if (error instanceof Undecided) return "";
    throw error;
  }
}
