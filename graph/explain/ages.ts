import type { MeshObject } from "../mesh/object";
import type { Choices } from "./choices";

/** What Istio sorts by: creation time, then name, then namespace (`model/config.go: sortByCreationComparator`). */
export interface Aged {
  object: MeshObject;
  sortName: string;
}

/**
 * Which object is older, where Istio lets the older one win. Manifests that were never applied have no age: then both answers are taken,
 * one in each walk, and kept within the walk.
 */
export class Ages {
  private readonly decided = new Map<MeshObject, Set<MeshObject>>();

  constructor(private readonly choices: Choices) {}

  /** The items in Istio's order. */
  order<T>(items: T[], aged: (item: T) => Aged): T[] {
    const sorted: T[] = [];
    for (const item of items) {
      let at = sorted.length;
      while (at > 0 && this.older(aged(item), aged(sorted[at - 1] as T))) at--;
      sorted.splice(at, 0, item);
    }
    return sorted;
  }

  /** The oldest item; undefined if there is none. */
  first<T>(items: T[], aged: (item: T) => Aged): T | undefined {
    let best: T | undefined;
    for (const item of items) if (best === undefined || this.older(aged(item), aged(best))) best = item;
    return best;
  }

  older(a: Aged, b: Aged): boolean {
    if (a.object === b.object) return a.sortName < b.sortName;
    const known = compare(a, b);
    if (known !== 0) return known < 0;
    if (this.follows(a.object, b.object)) return true;
    if (this.follows(b.object, a.object)) return false;
    const older = this.choices.pick([true, false]);
    this.remember(older ? a.object : b.object, older ? b.object : a.object);
    return older;
  }

  private remember(older: MeshObject, younger: MeshObject): void {
    const set = this.decided.get(older) ?? new Set();
    set.add(younger);
    this.decided.set(older, set);
  }

  private follows(older: MeshObject, younger: MeshObject): boolean {
    const next = this.decided.get(older);
    if (!next) return false;
    return next.has(younger) || [...next].some((middle) => this.follows(middle, younger));
  }
}

/** 0: not known, or a tie that Istio leaves open. */
function compare(a: Aged, b: Aged): number {
  if (a.object.created === undefined || b.object.created === undefined) return 0;
  if (a.object.created !== b.object.created) return a.object.created - b.object.created;
  if (a.sortName !== b.sortName) return a.sortName < b.sortName ? -1 : 1;
  if (a.object.namespace === b.object.namespace) return 0;
  return a.object.namespace < b.object.namespace ? -1 : 1;
}
