import { fqdn } from "./hosts";
import type { MeshConfig } from "./meshConfig";
import type { MeshObject } from "./object";
import type { Value } from "./value";

/** A DestinationRule (Istio API `DestinationRule`). */
export class DestinationRule {
  constructor(
    readonly object: MeshObject,
    private readonly config: MeshConfig,
  ) {}

  get host(): string {
    return fqdn(this.object.spec.at("host").text(), this.object.namespace, this.config.clusterDomain);
  }

  /** matchLabels of workloadSelector; undefined: every pod. */
  get selector(): Record<string, unknown> | undefined {
    const selector = this.object.spec.at("workloadSelector");
    return selector.present ? selector.at("matchLabels").rawMap() : undefined;
  }

  /** As Istio keeps it: with a selector always private, "." for the own namespace. Empty: the mesh's default. */
  private memoExportSet?: ReadonlySet<string>;
  get exportSet(): ReadonlySet<string> {
    this.memoExportSet ??= new Set(this.selector ? ["."] : this.object.spec.at("exportTo").texts());
    return this.memoExportSet;
  }

  /** Usable by proxies of its own namespace (`model/push_context.go: setDestinationRules`). */
  get usableAtHome(): boolean {
    const set = this.exportSet;
    return set.size === 0 || set.has("*") || set.has(".") || set.has(this.object.namespace);
  }

  get privateOnly(): boolean {
    const set = this.exportSet;
    if (set.size === 0) return this.config.defaultDestinationRuleExportTo.includes(".");
    return set.size === 1 && (set.has(".") || set.has(this.object.namespace));
  }

  get trafficPolicy(): Value | undefined {
    const policy = this.object.spec.at("trafficPolicy");
    return policy.present ? policy : undefined;
  }

  get subsets(): Value[] {
    return this.object.spec.at("subsets").list();
  }
}

/** DestinationRules of one host and namespace after Istio's merging. */
export interface MergedRule {
  /** The rule that the others were merged into. */
  base: DestinationRule;
  selector?: Record<string, unknown>;
  exportSet: ReadonlySet<string>;
  trafficPolicy?: Value;
  subsets: Value[];
}

/** `rules` in Istio's order: those with a selector first, then by age (`model/destination_rule.go: mergeDestinationRule`). */
export function mergeRules(rules: DestinationRule[]): MergedRule[] {
  const merged: MergedRule[] = [];
  for (const rule of rules) if (!foldInto(merged, rule)) merged.push(asMerged(rule));
  return merged;
}

function asMerged(rule: DestinationRule): MergedRule {
  const { selector, exportSet, trafficPolicy, subsets } = rule;
  return { base: rule, selector, exportSet, trafficPolicy, subsets };
}

/** False: the rule stands on its own (too). */
function foldInto(merged: MergedRule[], rule: DestinationRule): boolean {
  let folded = false;
  const { exportSet, selector } = rule;
  for (const existing of merged) {
    folded = sameSet(exportSet, existing.exportSet);
    if (!folded && !(existing.exportSet.size > 0 && covers(exportSet, existing.exportSet))) continue;
    const bothSelect = selector !== undefined && existing.selector !== undefined;
    if (bothSelect && JSON.stringify(sorted(selector)) !== JSON.stringify(sorted(existing.selector ?? {}))) {
      folded = false;
      continue;
    }
    if (bothSelect || (selector === undefined && existing.selector === undefined)) folded = true;
    mergeSubsets(existing, rule);
  }
  return folded;
}

function mergeSubsets(existing: MergedRule, rule: DestinationRule): void {
  const names = new Set(existing.subsets.map((subset) => subset.at("name").text()));
  existing.subsets = [...existing.subsets, ...rule.subsets.filter((subset) => !names.has(subset.at("name").text()))];
  existing.trafficPolicy ??= rule.trafficPolicy;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && covers(a, b);
}

function covers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...b].every((item) => a.has(item));
}

function sorted(map: Record<string, unknown>): [string, unknown][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
