/**
 * Stage "route": which rule answers a request, and where it sends it. Used by sidecars and gateways alike.
 * Istio API `HTTPRoute`, `HTTPMatchRequest`; `route/route.go: TranslateRouteMatch, applyHTTPRouteDestination`.
 */
import type { HttpMatch, HttpRule, StringMatch } from "../mesh/httpRule";
import { Undecided } from "../mesh/unknown";
import type { Destination } from "../mesh/virtualService";
import type { RouteEntry } from "./routes";
import type { Outcome } from "./types";
import { hostOf } from "./virtualHost";
import type { Walk } from "./walk";

/** A request on its way; rules may rewrite it for the next hop. */
export interface Request {
  authority: string;
  path: string;
  method: string;
  headers: Record<string, string>;
}

export interface Routed {
  target: Destination;
  request: Request;
  entry: RouteEntry;
}

/** An outcome if the proxy answers by itself; else where the request goes. */
export function route(
  walk: Walk,
  entries: RouteEntry[],
  request: Request,
  stage: "route" | "gateway-route",
): Routed | Outcome {
  const entry = entries.find((candidate) => !candidate.match || matches(walk, candidate.match, request));
  if (!entry) {
    const object = entries[0]?.route.object;
    walk.hop(stage, `no rule matches ${request.method} ${request.path}`, object, "spec.http");
    return walk.blocked(
      "HTTP 404",
      `${object?.id ?? "the route"} has no rule for ${request.method} ${request.path} of ${hostOf(request.authority)}: add a match to spec.http`,
    );
  }
  return act(walk, entry, request, stage);
}

function act(walk: Walk, entry: RouteEntry, request: Request, stage: "route" | "gateway-route"): Routed | Outcome {
  const { rule } = entry;
  const field = entry.match?.field ?? rule.at.path;
  const answered = answer(walk, rule, stage);
  if (answered) return answered;
  const target = choose(walk, rule, entry);
  const mirror = walk.mirror ? " (mirror)" : "";
  const invalid = target.host === "";
  walk.hop(
    stage,
    invalid ? "the rule's backend does not exist" : `rule sends to ${describe(target)}${mirror}`,
    rule.at.of,
    invalid ? field : target.field,
  );
  if (invalid)
    return walk.blocked(
      "HTTP 500",
      `${rule.at.of.id}: the backend of ${rule.at.path} does not exist or may not be used`,
    );
  return { target, request: rewritten(walk, rule, request), entry };
}

export function describe(target: Destination): string {
  const subset = target.subset === "" ? "" : ` subset ${target.subset}`;
  return `${target.host}${target.port === undefined ? "" : `:${target.port}`}${subset}`;
}

/** Redirect, directResponse and fault.abort answer the application; below 100 % an abort is one of two ways. */
function answer(walk: Walk, rule: HttpRule, stage: "route" | "gateway-route"): Outcome | undefined {
  const { object, path } = { object: rule.at.of, path: rule.at.path };
  const say = (field: string, seen: string): Outcome => {
    walk.hop(stage, `the proxy answers by itself: ${seen}`, object, `${path}.${field}`);
    return walk.end("blocked", `${object.id} ${path}.${field} answers the call; nothing leaves`, {
      how: "answered",
      seen,
    });
  };
  if (rule.redirect) return say("redirect", `HTTP ${rule.redirect.at("redirectCode").number() || 301}`);
  if (rule.directResponse) return say("directResponse", `HTTP ${rule.directResponse.at("status").number() ?? 200}`);
  if (!rule.abort || rule.abort.percent <= 0) return undefined;
  const aborted = rule.abort.percent >= 100 || walk.choices.pick([true, false]);
  return aborted ? say("fault.abort", `HTTP ${rule.abort.status || "503"}`) : undefined;
}

/** One destination counts whatever its weight; of several those with a weight; copies go elsewhere besides. */
function choose(walk: Walk, rule: HttpRule, entry: RouteEntry): Destination {
  const ways: { target: Destination; mirror: boolean }[] = weighted(rule.route).map((target) => ({
    target,
    mirror: false,
  }));
  if (!walk.mirror) for (const mirror of rule.mirrors) ways.push({ target: mirror.target, mirror: true });
  const way = walk.choices.pick(ways.length > 0 ? ways : [{ target: nowhere(entry), mirror: false }]);
  if (way.mirror) walk.mirror = true;
  return way.target;
}

export function weighted(route: Destination[]): Destination[] {
  return route.length < 2 ? route : route.filter((target) => (target.weight ?? 0) > 0);
}

function nowhere(entry: RouteEntry): Destination {
  return { host: "", subset: "", field: `${entry.rule.at.path}.route`, object: entry.rule.at.of };
}

function rewritten(walk: Walk, rule: HttpRule, request: Request): Request {
  if (rule.newUri?.regex)
    throw walk.unmodelled("route", "rewrite.uriRegexRewrite", rule.at.of, `${rule.at.path}.rewrite`);
  const authority = rule.newAuthority || request.authority;
  if (!rule.newUri) return { ...request, authority };
  const uri = rule.matches.find((match) => match.uri && matchText(match.uri, request.path, false))?.uri;
  const rest = uri && (uri.type === "prefix" || uri.type === "segments") ? request.path.slice(uri.value.length) : "";
  return { ...request, authority, path: rule.newUri.value + rest };
}

function matches(walk: Walk, match: HttpMatch, request: Request): boolean {
  const [path, query = ""] = request.path.split("?") as [string, string?];
  const params = new URLSearchParams(query);
  const field = match.field;
  return (
    fits(match.uri, path, match.ignoreUriCase) &&
    fits(match.method, request.method) &&
    fits(match.authority, request.authority) &&
    fits(match.scheme, "http") &&
    match.headers.every(([name, condition]) => fitsHeader(walk, condition, header(request, name), field)) &&
    match.withoutHeaders.every(([name, condition]) => !fitsHeader(walk, condition, header(request, name), field)) &&
    match.queryParams.every(([name, condition]) => fitsHeader(walk, condition, params.get(name) ?? undefined, field))
  );
}

function header(request: Request, name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === ":authority" || lower === "host") return request.authority;
  return lower === ":method" ? request.method : lower === ":path" ? request.path : request.headers[lower];
}

function fitsHeader(_walk: Walk, condition: StringMatch, value: string | undefined, _field: string): boolean {
  return value !== undefined && (condition.type === "present" || matchText(condition, value, false));
}

function fits(condition: StringMatch | undefined, value: string, ignoreCase = false): boolean {
  return !condition || condition.type === "present" || matchText(condition, value, ignoreCase);
}

export function matchText(condition: StringMatch, value: string, ignoreCase: boolean): boolean {
  const [want, have] = ignoreCase ? [condition.value.toLowerCase(), value.toLowerCase()] : [condition.value, value];
  if (condition.type === "exact") return have === want;
  if (condition.type === "prefix") return have.startsWith(want);
  if (condition.type === "segments") return have === want || have.startsWith(want.endsWith("/") ? want : `${want}/`);
  return condition.type === "present" || regexFits(want, have, ignoreCase);
}

/** Envoy's regexes are RE2; what JavaScript reads differently is not guessed. */
function regexFits(pattern: string, value: string, ignoreCase: boolean): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, ignoreCase ? "i" : "").test(value);
  } catch {
    throw new Undecided("VirtualService", `match regex ${pattern} (RE2 syntax that is not modelled)`);
  }
}
