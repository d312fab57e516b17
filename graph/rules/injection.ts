import type { Mesh } from "../mesh/mesh";
import { UNKNOWN } from "../mesh/unknown";

/**
 * Whether pods of a namespace get a sidecar, by its labels alone (Istio docs, "Installing the Sidecar"): `on`, `off`,
 * `unseen` where the namespace has no manifest here, `undecided` where a label is not known yet.
 */
export function injection(mesh: Mesh, namespace: string): "on" | "off" | "unseen" | "undecided" {
  const object = mesh.namespaces.get(namespace);
  if (object === undefined) return "unseen";
  const metadata = (object.root.rawMap().metadata ?? {}) as { labels?: unknown };
  if (metadata.labels === UNKNOWN) return "undecided";
  const labels = (metadata.labels ?? {}) as Record<string, unknown>;
  const classic = labels["istio-injection"];
  const revision = labels["istio.io/rev"];
  if (classic === UNKNOWN || revision === UNKNOWN) return "undecided";
  if (classic === "disabled") return "off";
  return classic === "enabled" || (typeof revision === "string" && revision !== "") ? "on" : "off";
}
