import type { Manifest } from "../../graph/manifest";

/** Anything with apiVersion and kind is a Kubernetes object; everything else in a folder is somebody else's file. */
export function isManifest(value: unknown): value is Manifest {
  if (value === null || typeof value !== "object") return false;
  const { apiVersion, kind } = value as Record<string, unknown>;
  return typeof apiVersion === "string" && typeof kind === "string" && kind !== "";
}

/** The items of `List` and `ServiceEntryList` (Kubernetes API, "Kubernetes API Concepts: collections"), else nothing. */
export function listItems(value: Record<string, unknown>): unknown[] | undefined {
  const { kind, items } = value;
  return typeof kind === "string" && kind.endsWith("List") && Array.isArray(items) ? items : undefined;
}

/** Items of a typed list need not repeat apiVersion and kind. */
export function withListType(item: unknown, list: Record<string, unknown>): unknown {
  if (item === null || typeof item !== "object") return item;
  const kind = String(list.kind).slice(0, -"List".length);
  return kind === "" ? item : { apiVersion: list.apiVersion, kind, ...item };
}

/** Objects with a name, as the mesh takes them; absent metadata is an empty one. */
export function named(manifest: Manifest): Manifest {
  const meta = (manifest.metadata ?? {}) as Partial<Manifest["metadata"]> & { generateName?: string };
  if (typeof meta.name === "string" && meta.name !== "") return manifest;
  return { ...manifest, metadata: { ...meta, name: meta.generateName ?? "" } };
}
