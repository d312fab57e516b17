/**
 * Host names with wildcards (Istio `pkg/config/host`: Name.Matches, Name.SubsetOf, MoreSpecific).
 * A wildcard is a leading `*`; what follows is a plain suffix: `*.a.com` does not cover `a.com`, `*a.com` covers `ba.com` too.
 */

export function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

/** Every name that `inner` stands for is covered by `outer`. */
export function subsetOf(inner: string, outer: string): boolean {
  if (!isWildcard(outer)) return inner === outer;
  if (!isWildcard(inner)) return inner.endsWith(outer.slice(1));
  return inner.length >= outer.length && inner.slice(1).endsWith(outer.slice(1));
}

/** Either covers the other. */
export function overlaps(a: string, b: string): boolean {
  return subsetOf(a, b) || subsetOf(b, a);
}

/** Negative if `a` is more specific: exact before wildcard, longer before shorter, then alphabetical. */
export function bySpecificity(a: string, b: string): number {
  if (isWildcard(a) !== isWildcard(b)) return isWildcard(a) ? 1 : -1;
  if (a.length !== b.length) return b.length - a.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A name without a dot, in a VirtualService or DestinationRule, means a Service of the object's namespace
 * (Istio `model/config.go: ResolveShortnameToFQDN`).
 */
export function fqdn(host: string, namespace: string, domain: string): string {
  if (host === "" || host.includes(".") || host.includes("*") || host.includes(":")) return host;
  return `${host}.${namespace}.svc.${domain}`;
}

/** The more specific of each overlapping pair (Istio `pkg/config/host: Names.Intersection`). */
export function intersect(a: string[], b: string[]): string[] {
  const found = new Set<string>();
  for (const x of a) {
    for (const y of b) {
      if (subsetOf(x, y)) found.add(x);
      else if (subsetOf(y, x)) found.add(y);
    }
  }
  return [...found];
}
