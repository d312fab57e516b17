import { UNKNOWN } from "./unknown";

/** Things that have labels, found by selector; a look-up costs the smallest bucket, not all of them. */
export class LabelIndex<T> {
  private readonly buckets = new Map<string, T[]>();
  private readonly all: T[] = [];
  /** Things with a label not known yet: always candidates. */
  private readonly undecided: T[] = [];

  add(labels: Record<string, unknown>, item: T): void {
    this.all.push(item);
    for (const key of Object.keys(labels)) {
      if (labels[key] === UNKNOWN) this.undecided.push(item);
      else push(this.buckets, `${key}=${String(labels[key])}`, item);
    }
  }

  /** A superset of the things that the selector fits; the caller checks each. */
  candidates(selector: Record<string, unknown>): T[] {
    let best: T[] | undefined;
    for (const key of Object.keys(selector)) {
      if (selector[key] === UNKNOWN) continue;
      const bucket = this.buckets.get(`${key}=${String(selector[key])}`) ?? [];
      if (!best || bucket.length < best.length) best = bucket;
    }
    if (!best) return this.all;
    return this.undecided.length === 0 ? best : [...new Set([...best, ...this.undecided])];
  }
}

/** Things that have a selector, found by the labels of a pod. */
export class SelectorIndex<T> {
  private readonly buckets = new Map<string, T[]>();
  /** Without selector, with an empty one, or with one not known yet. */
  private readonly wide: T[] = [];

  add(selector: Record<string, unknown> | undefined, item: T): void {
    const key = Object.keys(selector ?? {}).find((name) => selector?.[name] !== UNKNOWN);
    if (!selector || key === undefined) this.wide.push(item);
    else push(this.buckets, `${key}=${String(selector[key])}`, item);
  }

  /** A superset of the things whose selector fits the labels. */
  candidates(labels: Record<string, unknown>): T[] {
    const found = [...this.wide];
    for (const key of Object.keys(labels)) {
      if (labels[key] === UNKNOWN) return [...found, ...[...this.buckets.values()].flat()];
      const bucket = this.buckets.get(`${key}=${String(labels[key])}`);
      if (bucket) found.push(...bucket);
    }
    return found;
  }
}

export function push<K, T>(map: Map<K, T[]>, key: K, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}
