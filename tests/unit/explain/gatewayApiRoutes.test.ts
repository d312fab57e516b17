import type { Call } from "../../../graph/explain/types";
import { call, type Expected, table } from "../../cases/ask";
import { RO, se } from "../../cases/gateway";

const through = { verdict: "gateway", gateway: "egress/kgw-istio", destination: "x.com:80" } as const;
const s404 = { verdict: "blocked", seen: "HTTP 404" } as const;
const http = call("http://x.com/");

interface Parts {
  listener?: string;
  /** Of the route at the gateway. */
  parent?: string;
  hostnames?: string;
  rules?: string;
  kind?: string;
  namespace?: string;
}
const TO_X = "{backendRefs: [{kind: Hostname, group: networking.istio.io, name: x.com, port: 80}]}";

/** A managed gateway on port 80, the mesh's route to it, and a route at it whose parts can be replaced. */
function graph({
  listener = "",
  parent = "",
  hostnames = "[x.com]",
  rules = TO_X,
  kind = "HTTPRoute",
  namespace = "egress",
}: Parts): string {
  return `Namespace app +istio-injection=enabled
Namespace egress
Namespace team +kind=team
KubeGateway egress/kgw {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP${listener}}]}
${se("egress/x", "x.com, y.com", "80")}
HTTPRoute egress/in {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x}], rules: [{backendRefs: [{name: kgw-istio, port: 80}]}]}
${kind} ${namespace}/out {parentRefs: [{name: kgw, namespace: egress${parent}}], hostnames: ${hostnames}, rules: [${rules}]}
`;
}

function row(title: string, parts: Parts, expected: Expected, asked: Call = http): void {
  table(title, graph(parts), [[`${asked.host}${asked.path ?? ""}`, asked, expected]], RO);
}

row("a route at its gateway", {}, through);
row("by the listener's name", { parent: ", sectionName: http" }, through);
row("by another listener's name", { parent: ", sectionName: other" }, s404);
row("by the listener's port", { parent: ", port: 80" }, through);
row("by another port", { parent: ", port: 81" }, s404);
row("a kind that the listener does not carry", { kind: "TLSRoute" }, s404);
row("without hostnames", { hostnames: "[]" }, through);
row("for another hostname", { hostnames: "[y.com]" }, s404);
row(
  "for another hostname, asked for",
  { hostnames: "[y.com]" },
  through,
  call("http://x.com/", { authority: "y.com" }),
);
row("a listener for the hostname", { listener: ", hostname: x.com" }, through);
row("a listener for names below", { listener: ', hostname: "*.com"' }, through);
row("a listener for another hostname", { listener: ", hostname: y.com" }, s404);
row("a route of another namespace", { namespace: "team" }, s404);
row("the same, allowed to all", { namespace: "team", listener: ", allowedRoutes: {namespaces: {from: All}}" }, through);
row(
  "the same, allowed by label",
  {
    namespace: "team",
    listener: ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kind: team}}}}",
  },
  through,
);
row(
  "the same, allowed to another label",
  {
    namespace: "team",
    listener: ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kind: other}}}}",
  },
  s404,
);
row("the same, allowed to none", { namespace: "team", listener: ", allowedRoutes: {namespaces: {from: None}}" }, s404);

const redirect = (match: string, status: number): string =>
  `{matches: [${match}], filters: [{type: RequestRedirect, requestRedirect: {statusCode: ${status}}}]}`;
const answered = (status: number): Expected => ({ verdict: "blocked", how: "answered", seen: `HTTP ${status}` });
const at = (path: string, rest: Partial<Call> = {}): Call => call(`http://x.com${path}`, rest);
const TWO = (first: string, second: string): string => `${redirect(first, 301)}, ${redirect(second, 302)}, ${TO_X}`;
for (const [title, first, second, asked, expected] of [
  [
    "exact before prefix",
    "{path: {type: PathPrefix, value: /a}}",
    "{path: {type: Exact, value: /a}}",
    at("/a"),
    answered(302),
  ],
  [
    "the longer prefix first",
    "{path: {type: PathPrefix, value: /a}}",
    "{path: {type: PathPrefix, value: /a/b}}",
    at("/a/b/c"),
    answered(302),
  ],
  [
    "a prefix by whole segments",
    "{path: {type: PathPrefix, value: /a}}",
    "{path: {type: PathPrefix, value: /b}}",
    at("/ab"),
    through,
  ],
  [
    "a prefix with a slash at the end",
    "{path: {type: PathPrefix, value: /a/}}",
    "{path: {type: PathPrefix, value: /b}}",
    at("/a/c"),
    answered(301),
  ],
  ["a path before a method", "{method: GET}", "{path: {type: PathPrefix, value: /a}}", at("/a"), answered(302)],
  [
    "a method before a header",
    "{headers: [{name: team, value: red}]}",
    "{method: GET}",
    at("/", { headers: { team: "red" } }),
    answered(302),
  ],
  [
    "a header before a query",
    "{queryParams: [{name: a, value: b}]}",
    "{headers: [{name: team, value: red}]}",
    at("/?a=b", { headers: { team: "red" } }),
    answered(302),
  ],
  [
    "two headers before one",
    "{headers: [{name: team, value: red}]}",
    "{headers: [{name: team, value: red}, {name: zone, value: a}]}",
    at("/", { headers: { team: "red", zone: "a" } }),
    answered(302),
  ],
  ["equals in their order", "{method: GET}", "{method: GET}", at("/"), answered(301)],
  [
    "a header by pattern",
    "{headers: [{name: team, type: RegularExpression, value: 'r.d'}]}",
    "{method: POST}",
    at("/", { headers: { team: "red" } }),
    answered(301),
  ],
  ["a path by pattern", "{path: {type: RegularExpression, value: '/a+'}}", "{method: POST}", at("/aa"), answered(301)],
  ["none of them", "{method: POST}", "{path: {type: Exact, value: /a}}", at("/"), through],
] as const)
  row(`of two rules ${title}`, { rules: TWO(first, second) }, expected, asked);
