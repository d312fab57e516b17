import type { Workload } from "../explain/types";
import type { Mesh } from "./mesh";

/**
 * The workload that a text names: `namespace/name` of an owner of pods or a Pod in the mesh, or `namespace?label=value[,label=value]`
 * for any pod with these labels. Undefined: no such owner. Errors: none.
 */
export function resolveWorkload(mesh: Mesh, text: string): Workload | undefined {
  const query = text.indexOf("?");
  if (query >= 0) return { namespace: text.slice(0, query), labels: parseLabels(text.slice(query + 1)) };
  const [namespace = "", name = ""] = text.split("/");
  return mesh.podNamed(namespace, name)?.asWorkload();
}

function parseLabels(text: string): Record<string, string> {
  const pairs = text.split(/[,&]/).filter((pair) => pair !== "");
  return Object.fromEntries(pairs.map((pair) => [pair.split("=")[0] as string, pair.split("=").slice(1).join("=")]));
}
