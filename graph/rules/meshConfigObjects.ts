import { chartName } from "../mesh/helmRelease";
import type { MeshObject } from "../mesh/object";
import { Undecided } from "../mesh/unknown";
import type { RuleContext } from "./rule";

/** Where the mesh's own config stands: the ConfigMap `istio` of the root namespace, or istiod's Helm release. */
export function meshConfigObjects({ mesh }: RuleContext): MeshObject[] {
  const map = mesh.object("ConfigMap", mesh.config.rootNamespace, "istio");
  return map ? [map] : mesh.objects("Release").filter((release) => chartOf(release) === "istiod");
}

/** The name of a Release's chart; empty where it is not known yet. */
export function chartOf(release: MeshObject): string {
  try {
    return chartName(release.spec.at("chart").text());
  } catch (error) {
    if (error instanceof Undecided) return "";
    throw error;
  }
}
