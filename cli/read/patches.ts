import type { Manifest } from "../../graph/manifest";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import { UNKNOWN } from "../../graph/mesh/unknown";

/** A `…Patch` resource: some fields of an object that somebody else made. */
export type Patch = SourcedManifest;

/**
 * Patches laid over their targets, as server-side apply does: maps are merged, lists of a custom resource replaced
 * (Kubernetes docs, "Server-Side Apply: merge strategy"). Of an Istio object that is not here the patch shows too
 * little to judge by, so its spec is not known.
 */
export function foldPatches(objects: SourcedManifest[], patches: Patch[], context: readonly SourcedManifest[]) {
  if (patches.length === 0) return objects;
  const result = [...objects];
  const places = new Map(result.map(({ manifest }, place) => [identity(manifest), place]));
  const elsewhere = new Map(context.map(({ manifest }) => [identity(manifest), manifest]));
  for (const { manifest: patch, source } of patches) {
    const key = identity(patch);
    const place = places.get(key);
    const target = place === undefined ? undefined : result[place];
    const other = elsewhere.get(key);
    if (place !== undefined && target)
      result[place] = { manifest: merged(target.manifest, patch), source: target.source };
    else {
      places.set(key, result.length);
      result.push({ manifest: other ? merged(other, patch) : alone(patch), source });
    }
  }
  return result;
}

/** Objects of the context that a patch of the stack has replaced are no longer what they were. */
export function withoutPatched(context: readonly SourcedManifest[], objects: readonly SourcedManifest[]) {
  const own = new Set(objects.map(({ manifest }) => identity(manifest)));
  return context.filter(({ manifest }) => !own.has(identity(manifest)));
}

function alone(patch: Manifest): Manifest {
  return /\.istio\.io\//.test(patch.apiVersion) ? { ...patch, spec: UNKNOWN } : patch;
}

function merged(target: Manifest, patch: Manifest): Manifest {
  return merge(target, { ...patch, apiVersion: target.apiVersion }) as Manifest;
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isMap(target) || !isMap(patch)) return patch;
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) result[key] = key in target ? merge(target[key], value) : value;
  return result;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function identity({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return `${group} ${kind} ${String(metadata.namespace ?? "default")} ${metadata.name}`;
}
