import { fitsSelector } from "./labels";
import type { MeshObject } from "./object";
import type { Value } from "./value";

/**
 * Who may see an object (field `exportTo`; Istio `model/push_context.go: initServiceRegistry, IsServiceVisible` and
 * `model/virtualservice_controller.go: convertExportToSet`). "nobody" comes from `~` and from serviceEntryVisibility.
 */
export type Exports = "everybody" | "nobody" | ReadonlySet<string>;

/** `*` beats all; `~` hides even at home; `.` is the object's namespace; without `.` or the own name it is not seen at home. */
export function exportsOf(declared: string[], fallback: string[], namespace: string): Exports {
  const list = declared.length > 0 ? declared : fallback;
  if (list.length === 0 || list.includes("*")) return "everybody";
  if (list.includes("~")) return "nobody";
  return new Set(list.map((entry) => (entry === "." ? namespace : entry)));
}

export function seenFrom(exports: Exports, namespace: string): boolean {
  return exports === "everybody" || (exports !== "nobody" && exports.has(namespace));
}

/** Order in which Istio takes visible objects: those exported by name (0) before public ones (1). */
export function exportRank(exports: Exports): number {
  return exports === "everybody" ? 1 : 0;
}

/** A Kubernetes Service says it in an annotation, comma separated. */
export function serviceExportList(object: MeshObject): string[] {
  const text = object.annotation("networking.istio.io/exportTo");
  return text === "" ? [] : text.split(",").map((entry) => entry.trim());
}

interface VisibilityRule {
  labels: Record<string, unknown>;
  namespace: string;
}

/**
 * MeshConfig `serviceEntryVisibility` with `applyToSidecars`: a cap on a ServiceEntry's exportTo, never wider
 * (Istio `model/serviceentry_visibility.go`).
 */
export function capped(exports: Exports, config: Value, of: VisibilityRule): Exports {
  if (!config.present || !config.at("applyToSidecars").flag()) return exports;
  const visibility = decidedVisibility(config, of);
  if (visibility === "NONE") return "nobody";
  if (visibility !== "NAMESPACE") return exports;
  return seenFrom(exports, of.namespace) ? new Set([of.namespace]) : "nobody";
}

function decidedVisibility(config: Value, of: VisibilityRule): string {
  for (const policy of config.at("policies").list()) {
    if (
      policy
        .at("matchingRules")
        .list()
        .every((rule) => ruleFits(rule, of))
    )
      return policy.at("visibility").text();
  }
  return config.at("defaultVisibility").text();
}

/** An unset or unknown matcher never matches. */
function ruleFits(rule: Value, of: VisibilityRule): boolean {
  const selector = rule.at("namespaceSelector");
  if (!selector.present) return false;
  return fitsSelector(selector.rawMap(), of.labels, { object: "MeshConfig", field: selector.path });
}
