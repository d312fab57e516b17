import { seenFrom } from "./exportTo";
import { type HttpMatch, type HttpRule, readHttpRule, type StringMatch } from "./httpRule";
import type { RouteIndex } from "./routeIndex";
import type { RouteObject } from "./virtualService";

/**
 * The http rules of a VirtualService with its delegates merged in
 * (Istio API `HTTPRoute.delegate`; `model/virtualservice.go: mergeHTTPRoute`, `model/virtualservice_controller.go: mergeVirtualServices`).
 */
export function httpRules(owner: RouteObject, routes: RouteIndex, domain: string): HttpRule[] {
  return owner.http.flatMap((value) => {
    const rule = readHttpRule(value, domain);
    return rule.delegate ? delegated(owner, rule, routes, domain) : [rule];
  });
}

/** A delegate that is missing, or not exported to the root's namespace, takes only its own rule away. */
function delegated(owner: RouteObject, root: HttpRule, routes: RouteIndex, domain: string): HttpRule[] {
  const name = root.delegate?.at("name").text() ?? "";
  const namespace = root.delegate?.at("namespace").text() || owner.namespace;
  const delegate = routes.delegate(namespace, name);
  if (!delegate || !seenFrom(delegate.exports, owner.namespace)) return [];
  return delegate.http.flatMap((value) => merge(root, readHttpRule(value, domain)));
}

function merge(root: HttpRule, rule: HttpRule): HttpRule[] {
  const matches = mergeMatches(root.matches, rule.matches);
  if (!matches) return [];
  return [
    {
      matches,
      route: rule.route.length > 0 ? rule.route : root.route,
      redirect: rule.redirect ?? root.redirect,
      directResponse: rule.directResponse ?? root.directResponse,
      newAuthority: rule.newAuthority || root.newAuthority,
      newUri: rule.newUri ?? root.newUri,
      abort: rule.abort ?? root.abort,
      mirrors: rule.mirrors.length > 0 ? rule.mirrors : root.mirrors,
      at: rule.at,
    },
  ];
}

/** Undefined: the delegate's rule is dropped, as one of its matches fits no match of the root. */
function mergeMatches(root: HttpMatch[], delegate: HttpMatch[]): HttpMatch[] | undefined {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  const merged: HttpMatch[] = [];
  for (const match of delegate) {
    const compatible = root.filter((candidate) => !conflict(candidate, match));
    if (compatible.length === 0) return undefined;
    merged.push(...compatible.map((candidate) => mergeMatch(candidate, match)));
  }
  return merged;
}

function mergeMatch(root: HttpMatch, leaf: HttpMatch): HttpMatch {
  return {
    uri: leaf.uri ?? root.uri,
    ignoreUriCase: root.ignoreUriCase || leaf.ignoreUriCase,
    scheme: leaf.scheme ?? root.scheme,
    method: leaf.method ?? root.method,
    authority: leaf.authority ?? root.authority,
    headers: overlay(root.headers, leaf.headers),
    withoutHeaders: overlay(root.withoutHeaders, leaf.withoutHeaders),
    queryParams: overlay(root.queryParams, leaf.queryParams),
    port: leaf.port || root.port,
    gateways: leaf.gateways.length > 0 ? leaf.gateways : root.gateways,
    sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
    sourceNamespace: leaf.sourceNamespace || root.sourceNamespace,
    field: leaf.field,
  };
}

function overlay(root: [string, StringMatch][], leaf: [string, StringMatch][]): [string, StringMatch][] {
  return [...new Map([...root, ...leaf])];
}

/** Istio `model/virtualservice.go: hasConflict`. */
function conflict(root: HttpMatch, leaf: HttpMatch): boolean {
  const strings: [StringMatch | undefined, StringMatch | undefined][] = [
    [root.uri, leaf.uri],
    [root.scheme, leaf.scheme],
    [root.method, leaf.method],
    [root.authority, leaf.authority],
    ...pairs(root.headers, leaf.headers),
    ...pairs(root.withoutHeaders, leaf.withoutHeaders),
    ...pairs(root.queryParams, leaf.queryParams),
  ];
  if (strings.some(([a, b]) => stringConflict(a, b))) return true;
  if (root.ignoreUriCase !== leaf.ignoreUriCase) return true;
  if (root.port && leaf.port && root.port !== leaf.port) return true;
  if (root.sourceNamespace !== "" && root.sourceNamespace !== leaf.sourceNamespace) return true;
  if (root.gateways.length > 0 && leaf.gateways.some((name) => !root.gateways.includes(name))) return true;
  return Object.keys(root.sourceLabels).some(
    (key) => leaf.sourceLabels[key] !== undefined && leaf.sourceLabels[key] !== root.sourceLabels[key],
  );
}

function pairs(root: [string, StringMatch][], leaf: [string, StringMatch][]): [StringMatch | undefined, StringMatch][] {
  const byName = new Map(root);
  return leaf.map(([name, match]) => [byName.get(name), match]);
}

/** Istio `model/virtualservice.go: stringMatchConflict`. */
function stringConflict(root?: StringMatch, leaf?: StringMatch): boolean {
  if (!root || !leaf) return false;
  if (root.type === "present" || leaf.type === "present") return true;
  if (root.type === "regex" || leaf.type === "regex") return true;
  if (root.type === "exact") return leaf.type !== "exact" || leaf.value !== root.value;
  return !leaf.value.startsWith(root.value);
}
