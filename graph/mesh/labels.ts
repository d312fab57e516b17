import { UNKNOWN, Undecided } from "./unknown";

/** Where a set of labels or a selector stands, for the message when one of its values is not known. */
export interface Place {
  object: string;
  field: string;
}

/** `selector` ⊆ `labels` (Istio `pkg/config/labels: Instance.SubsetOf`). An empty selector fits everything. */
export function fits(selector: Record<string, unknown>, labels: Record<string, unknown>, place: Place): boolean {
  let unknown: string | undefined;
  for (const key of Object.keys(selector)) {
    const want = selector[key];
    const have = labels[key];
    if (want === UNKNOWN || have === UNKNOWN) unknown ??= key;
    else if (have === undefined || String(want) !== String(have)) return false;
  }
  if (unknown !== undefined) throw new Undecided(place.object, `${place.field}.${unknown}`);
  return true;
}

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

/** A Kubernetes LabelSelector (`matchLabels` and `matchExpressions`). Absent or empty: everything. */
export function fitsSelector(selector: unknown, labels: Record<string, unknown>, place: Place): boolean {
  if (selector === UNKNOWN) throw new Undecided(place.object, place.field);
  if (selector === undefined || selector === null) return true;
  const { matchLabels, matchExpressions } = selector as {
    matchLabels?: Record<string, unknown>;
    matchExpressions?: Expression[];
  };
  if (!fits(matchLabels ?? {}, labels, { ...place, field: `${place.field}.matchLabels` })) return false;
  return (matchExpressions ?? []).every((e) => fitsExpression(e, labels));
}

function fitsExpression(e: Expression, labels: Record<string, unknown>): boolean {
  const value = labels[e.key];
  if (e.operator === "Exists") return value !== undefined;
  if (e.operator === "DoesNotExist") return value === undefined;
  const among = value !== undefined && (e.values ?? []).includes(String(value));
  return e.operator === "NotIn" ? !among : among;
}
