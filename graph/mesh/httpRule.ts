import type { Value } from "./value";
import { type Destination, type ProxyMatch, readDestination, readProxyMatch, readTarget } from "./virtualService";

export interface StringMatch {
  /** "segments" is Gateway API's path prefix: whole segments. */
  type: "exact" | "prefix" | "regex" | "segments" | "present";
  value: string;
}

/** One entry of `http[].match` (Istio API `HTTPMatchRequest`): conditions are ANDed. */
export interface HttpMatch extends ProxyMatch {
  uri?: StringMatch;
  ignoreUriCase: boolean;
  scheme?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  headers: [name: string, match: StringMatch][];
  withoutHeaders: [name: string, match: StringMatch][];
  queryParams: [name: string, match: StringMatch][];
}

export interface Mirror {
  target: Destination;
  /** 0 to 100. */
  percent: number;
}

/** One entry of `http` (Istio API `HTTPRoute`), delegate merged in. */
export interface HttpRule {
  matches: HttpMatch[];
  route: Destination[];
  redirect?: Value;
  directResponse?: Value;
  delegate?: Value;
  /** `rewrite.authority`, or `host`/`:authority` set by headers; "" none. */
  newAuthority: string;
  newUri?: { value: string; regex: boolean };
  abort?: { percent: number; status: string };
  mirrors: Mirror[];
  /** Value that the rule was read from; a delegate's own rule where one is merged in. */
  at: Value;
}

export function readHttpRule(rule: Value, domain: string): HttpRule {
  const namespace = rule.of.namespace;
  return {
    matches: rule
      .at("match")
      .list()
      .map((match) => readHttpMatch(match, namespace)),
    route: rule
      .at("route")
      .list()
      .map((route) => readDestination(route, namespace, domain)),
    redirect: present(rule.at("redirect")),
    directResponse: present(rule.at("directResponse")),
    delegate: present(rule.at("delegate")),
    newAuthority: newAuthority(rule),
    newUri: newUri(rule.at("rewrite")),
    abort: readAbort(rule.at("fault").at("abort")),
    mirrors: readMirrors(rule, namespace, domain),
    at: rule,
  };
}

function present(value: Value): Value | undefined {
  return value.present ? value : undefined;
}

export function readHttpMatch(match: Value, namespace: string): HttpMatch {
  return {
    ...readProxyMatch(match, namespace),
    uri: readStringMatch(match.at("uri")),
    ignoreUriCase: match.at("ignoreUriCase").flag(),
    scheme: readStringMatch(match.at("scheme")),
    method: readStringMatch(match.at("method")),
    authority: readStringMatch(match.at("authority")),
    headers: readMatchMap(match.at("headers")),
    withoutHeaders: readMatchMap(match.at("withoutHeaders")),
    queryParams: readMatchMap(match.at("queryParams")),
  };
}

function readStringMatch(value: Value): StringMatch | undefined {
  if (!value.present) return undefined;
  for (const type of ["exact", "prefix", "regex", "segments"] as const) {
    if (value.at(type).present) return { type, value: value.at(type).text() };
  }
  return { type: "present", value: "" };
}

/** An empty condition, or the regex `*`, means "present" (Istio `route/route.go: canBeConvertedToPresentMatch`). */
function readMatchMap(value: Value): [string, StringMatch][] {
  return value.entries().map(([name, condition]) => {
    const match = condition.present ? readStringMatch(condition) : undefined;
    const anything = !match || match.value === "" || (match.type === "regex" && match.value === "*");
    return [name, anything ? { type: "present", value: "" } : (match as StringMatch)];
  });
}

function newAuthority(rule: Value): string {
  const request = rule.at("headers").at("request");
  for (const operation of ["set", "add"]) {
    for (const [name, value] of request.at(operation).entries()) {
      if (["host", ":authority"].includes(name.toLowerCase())) return value.text();
    }
  }
  return rule.at("rewrite").at("authority").text();
}

function newUri(rewrite: Value): HttpRule["newUri"] {
  if (rewrite.at("uriRegexRewrite").present) return { value: "", regex: true };
  const uri = rewrite.at("uri").text();
  return uri === "" ? undefined : { value: uri, regex: false };
}

/** `fault.abort`: without a percentage every request (Istio `route/route.go: TranslateFault`). */
function readAbort(abort: Value): HttpRule["abort"] {
  if (!abort.present) return undefined;
  const status = abort.at("httpStatus").text() || abort.at("grpcStatus").text();
  return { percent: percentOf(abort, 100), status };
}

function percentOf(value: Value, fallback: number): number {
  const percentage = value.at("percentage");
  return percentage.present ? (percentage.at("value").number() ?? 0) : (value.at("percent").number() ?? fallback);
}

/** `mirror` with `mirrorPercentage` (or `mirrorPercent`), and `mirrors`; absent percentages mean all (`route/route.go: MirrorPercent`). */
function readMirrors(rule: Value, namespace: string, domain: string): Mirror[] {
  const found: Mirror[] = rule
    .at("mirrors")
    .list()
    .map((mirror) => ({
      target: readTarget(mirror.at("destination"), namespace, domain),
      percent: percentOf(mirror, 100),
    }));
  if (found.length === 0 && rule.at("mirror").present) {
    const declared = rule.at("mirrorPercentage").at("value").number() ?? rule.at("mirrorPercent").number() ?? 100;
    found.push({ target: readTarget(rule.at("mirror"), namespace, domain), percent: declared });
  }
  return found.filter((mirror) => mirror.percent > 0);
}
