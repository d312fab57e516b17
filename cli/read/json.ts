import type { SourcedManifest } from "../../graph/mesh/sourced";
import { isManifest, listItems, named, withListType } from "./lists";
import { ReadProblem } from "./problem";
import { manifestsOfState } from "./state";
import { manifestsOfYaml } from "./yamlText";

/** The objects of a JSON text: a manifest, a list of them, a Pulumi state or a preview. Throws `ReadProblem`. */
export function manifestsOfJson(text: string, file: string): SourcedManifest[] {
  const value = parse(text, file);
  if (Array.isArray(value)) return value.flatMap((item) => manifestsOfValue(item, file));
  return manifestsOfState(value, file) ?? manifestsOfValue(value, file);
}

function manifestsOfValue(value: unknown, source: string): SourcedManifest[] {
  if (value === null || typeof value !== "object") return [];
  const list = value as Record<string, unknown>;
  const items = listItems(list);
  if (items !== undefined) return items.flatMap((item) => manifestsOfValue(withListType(item, list), source));
  return isManifest(value) ? [{ manifest: named(value), source }] : [];
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // JSON is YAML too, and its parser says on which line a fault is.
    manifestsOfYaml(text, file);
    throw new ReadProblem(`${file}: ${error instanceof Error ? error.message : error}. Nothing of it was read.`);
  }
}
