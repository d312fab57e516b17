import { isWildcard, subsetOf } from "./hosts";
import { push } from "./labelIndex";

/** Things by host name, wildcards included; a look-up costs the labels of the name, not the size of the mesh. */
export class HostIndex<T> {
  private readonly byName = new Map<string, T[]>();
  /** Wildcards that do not start at a label ("*foo.com", "*"), rare and kept apart. */
  private readonly oddWildcards = new Set<string>();
  private hasWildcards = false;
  /** Suffix of labels ("b.com" of "a.b.com") → the names below it; made when a wildcard first asks for it. */
  private below?: Map<string, string[]>;

  add(host: string, item: T): void {
    const items = this.byName.get(host);
    if (items) {
      items.push(item);
      return;
    }
    this.byName.set(host, [item]);
    if (isWildcard(host)) {
      this.hasWildcards = true;
      if (!host.startsWith("*.")) this.oddWildcards.add(host);
    }
    this.below = undefined;
  }

  private namesBelow(suffix: string): string[] {
    if (!this.below) {
      this.below = new Map();
      for (const name of this.byName.keys()) for (const s of suffixes(dotted(name))) push(this.below, s, name);
    }
    return this.below.get(suffix) ?? [];
  }

  /** Exactly this name, letter by letter. */
  at(host: string): T[] {
    return this.byName.get(host) ?? [];
  }

  has(host: string): boolean {
    return this.byName.has(host);
  }

  /** Names that cover `host` (itself included if present), the most specific first. */
  covering(host: string): string[] {
    const found: string[] = [];
    if (this.byName.has(host)) found.push(host);
    if (!this.hasWildcards) return found;
    for (const suffix of suffixes(dotted(host))) {
      const name = `*.${suffix}`;
      if (name !== host && this.byName.has(name) && subsetOf(host, name)) found.push(name);
    }
    for (const odd of this.oddWildcards) if (odd !== host && subsetOf(host, odd)) found.push(odd);
    return found.length < 2 ? found : found.sort((a, b) => (a === host ? -1 : b === host ? 1 : b.length - a.length));
  }

  /** Names that the wildcard `host` covers, itself excluded. */
  covered(host: string): string[] {
    if (!isWildcard(host)) return [];
    if (host === "*") return [...this.byName.keys()].filter((name) => name !== host);
    const names = host.startsWith("*.") ? this.namesBelow(host.slice(2)) : [...this.byName.keys()];
    return names.filter((name) => name !== host && subsetOf(name, host));
  }

  /** Names that cover `host` or are covered by it. */
  overlapping(host: string): string[] {
    return [...this.covering(host), ...this.covered(host)];
  }

  names(): IterableIterator<string> {
    return this.byName.keys();
  }
}

function dotted(host: string): string {
  return isWildcard(host) ? host.slice(1) : `.${host}`;
}

function suffixes(name: string): string[] {
  const found: string[] = [];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) found.push(name.slice(dot + 1));
  return found;
}
