import type { Call } from "../../../graph/explain/types";
import { call, table } from "../../cases/ask";
import { RO, se } from "../../cases/gateway";

/** Rows: a match of an http rule that leads to a.com, whether the call meets it (else it goes to x.com), and the call's rest. */
type Row = [match: string, meets: boolean, rest?: Partial<Call>];

const BASE = `Namespace app +istio-injection=enabled\n${se("app/x", "x.com", "80")}${se("app/a", "a.com", "80")}`;
const A_COM = {
  verdict: "direct",
  destination: "a.com:80",
  by: "VirtualService app/x spec.http[0].route[0].destination",
} as const;
const X_COM = {
  verdict: "direct",
  destination: "x.com:80",
  by: "VirtualService app/x spec.http[1].route[0].destination",
} as const;

function meets(title: string, rows: Row[]): void {
  for (const [match, yes, rest = {}] of rows)
    table(
      `${title}: ${match}`,
      `${BASE}VirtualService app/x {hosts: [x.com], http: [{match: [${match}], route: [{destination: {host: a.com}}]}, {route: [{destination: {host: x.com}}]}]}\n`,
      [[JSON.stringify(rest), call("http://x.com/", rest), yes ? A_COM : X_COM]],
      RO,
    );
}

meets("paths", [
  ["{uri: {exact: /a}}", true, { path: "/a" }],
  ["{uri: {exact: /a}}", true, { path: "/a?b=1" }],
  ["{uri: {exact: /a}}", false, { path: "/a/" }],
  ["{uri: {prefix: /a}}", true, { path: "/ab" }],
  ["{uri: {prefix: /a}}", false, { path: "/b/a" }],
  ["{uri: {exact: /A}}", false, { path: "/a" }],
  ["{uri: {exact: /A}, ignoreUriCase: true}", true, { path: "/a" }],
  ["{uri: {prefix: /A}, ignoreUriCase: true}", true, { path: "/ab" }],
  ["{uri: {regex: '/a+'}}", true, { path: "/aaa" }],
  ["{uri: {regex: '/a+'}}", false, { path: "/aaab" }],
  ["{uri: {regex: '/A+'}, ignoreUriCase: true}", true, { path: "/aaa" }],
]);
meets("methods, authorities, schemes", [
  ["{method: {exact: GET}}", true],
  ["{method: {exact: POST}}", false],
  ["{method: {exact: POST}}", true, { method: "POST" }],
  ["{method: {regex: 'P.*'}}", true, { method: "PUT" }],
  ["{authority: {exact: x.com}}", true],
  ["{authority: {exact: 'x.com:80'}}", false],
  ["{authority: {exact: 'x.com:80'}}", true, { authority: "x.com:80" }],
  ["{authority: {prefix: x}}", true],
  ["{scheme: {exact: http}}", true],
  ["{scheme: {exact: https}}", false],
]);
meets("headers", [
  ["{headers: {team: {exact: red}}}", true, { headers: { Team: "red" } }],
  ["{headers: {Team: {exact: red}}}", true, { headers: { team: "red" } }],
  ["{headers: {team: {exact: red}}}", false, { headers: { team: "blue" } }],
  ["{headers: {team: {exact: red}}}", false],
  ["{headers: {team: {}}}", true, { headers: { team: "blue" } }],
  ["{headers: {team: {}}}", false],
  ["{headers: {team: {prefix: re}}}", true, { headers: { team: "red" } }],
  ["{headers: {team: {exact: red}, zone: {exact: a}}}", false, { headers: { team: "red" } }],
  ["{headers: {':authority': {exact: x.com}}}", true],
  ["{headers: {host: {exact: y.com}}}", false],
  ["{headers: {':method': {exact: GET}}}", true],
  ["{headers: {':path': {exact: /a}}}", true, { path: "/a" }],
  ["{withoutHeaders: {team: {exact: red}}}", true, { headers: { team: "blue" } }],
  ["{withoutHeaders: {team: {exact: red}}}", false, { headers: { team: "red" } }],
  ["{withoutHeaders: {team: {}}}", false, { headers: { team: "blue" } }],
  ["{withoutHeaders: {team: {}}}", true],
]);
meets("queries", [
  ["{queryParams: {a: {exact: '1'}}}", true, { path: "/?a=1" }],
  ["{queryParams: {a: {exact: '1'}}}", false, { path: "/?a=2" }],
  ["{queryParams: {a: {exact: '1'}}}", false],
  ["{queryParams: {a: {exact: '1'}, b: {prefix: x}}}", true, { path: "/?b=xy&a=1" }],
]);
meets("several", [
  ["{uri: {exact: /a}, method: {exact: POST}}", false, { path: "/a" }],
  ["{uri: {exact: /a}}, {uri: {exact: /b}}", true, { path: "/b" }],
  ["{port: 80}", true],
  ["{port: 8080}", false],
  ["{sourceNamespace: app}", true],
  ["{sourceNamespace: other}", false],
  ["{sourceLabels: {app: a}}", true],
  ["{sourceLabels: {app: a, tier: web}}", false],
]);
table(
  "a pattern that JavaScript does not read is not guessed",
  `${BASE}VirtualService app/x {hosts: [x.com], http: [{match: [{uri: {regex: '/(?P<a>x)'}}], route: [{destination: {host: a.com}}]}]}\n`,
  [["http", call("http://x.com/x"), { verdict: "unknown", how: "input" }]],
  RO,
);

const SERVICE = `Namespace app +istio-injection=enabled
Service app/web {selector: {app: web}, clusterIP: 10.96.0.4, ports: [{name: http, port: 80}]}
Service app/alias {type: ExternalName, externalName: x.com, ports: [{name: http, port: 80}]}
Deployment app/web {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
${se("app/x", "x.com", "80")}`;
const web = { verdict: "in-mesh", destination: "web.app.svc.cluster.local:80" } as const;
const none = { verdict: "blocked", seen: "HTTP 502", where: "virtual-host" } as const;
const host = (authority: string): Call => call("http://x.com/", { authority });
table(
  "names in the Host header",
  SERVICE,
  [
    ["its own", host("x.com"), { verdict: "direct", destination: "x.com:80" }],
    ["in capitals", host("X.com"), { verdict: "direct", destination: "x.com:80" }],
    ["with the port", host("x.com:80"), { verdict: "direct", destination: "x.com:80" }],
    ["with a dot at the end", host("x.com."), { verdict: "direct", destination: "x.com:80" }],
    ["with a dot at the start", host(".x.com"), none],
    ["short", host("web"), web],
    ["with the namespace", host("web.app"), web],
    ["with another namespace", host("web.other"), none],
    ["with svc", host("web.app.svc"), web],
    ["with another third word", host("web.app.pod"), none],
    ["whole", host("web.app.svc.cluster.local"), web],
    ["its address", host("10.96.0.4"), web],
    ["another address", host("10.96.0.5"), none],
    ["an alias", host("alias.app.svc.cluster.local"), { verdict: "direct", destination: "x.com:80" }],
  ],
  RO,
);
