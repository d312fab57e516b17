import type { Call } from "../../../graph/explain/types";
import { call, table } from "../../cases/ask";
import { RO, se } from "../../cases/gateway";

const BASE = `Namespace app +istio-injection=enabled\n${se("app/x", "x.com", "80")}${se("app/a", "a.com", "80")}`;
const DELEGATE = { verdict: "direct", destination: "a.com:80" } as const;
const NEXT = { verdict: "direct", destination: "x.com:80" } as const;

/** A root's match and its delegate's: whether the call is the delegate's; where the two contradict, the rule is gone (DEL-3). */
for (const [root, leaf, delegated, rest = {}] of [
  ["{uri: {prefix: /a}}", "{uri: {prefix: /a/b}}", true, { path: "/a/b" }],
  ["{uri: {prefix: /a}}", "{uri: {exact: /a/b}}", true, { path: "/a/b" }],
  ["{uri: {prefix: /a/b}}", "{uri: {prefix: /a}}", false, { path: "/a/b" }],
  ["{uri: {exact: /a}}", "{uri: {exact: /a}}", true, { path: "/a" }],
  ["{uri: {exact: /a}}", "{uri: {prefix: /a}}", false, { path: "/a" }],
  ["{uri: {exact: /a}}", "{uri: {exact: /b}}", false, { path: "/a" }],
  ["{uri: {regex: /a}}", "{uri: {exact: /a}}", false, { path: "/a" }],
  ["{uri: {exact: /a}}", "{uri: {regex: /a}}", false, { path: "/a" }],
  ["{uri: {prefix: /a}}", "{method: {exact: GET}}", true, { path: "/a" }],
  ["{uri: {prefix: /a}}", "{method: {exact: POST}}", false, { path: "/a" }],
  ["{method: {exact: GET}}", "{method: {exact: GET}}", true],
  ["{method: {exact: GET}}", "{method: {exact: POST}}", false],
  ["{headers: {team: {}}}", "{headers: {team: {exact: red}}}", false, { headers: { team: "red" } }],
  ["{headers: {team: {exact: red}}}", "{headers: {team: {}}}", false, { headers: { team: "red" } }],
  ["{headers: {team: {exact: red}}}", "{headers: {zone: {exact: a}}}", true, { headers: { team: "red", zone: "a" } }],
  ["{headers: {team: {exact: red}}}", "{headers: {zone: {exact: a}}}", false, { headers: { zone: "a" } }],
  ["{port: 80}", "{port: 80}", true],
  ["{port: 80}", "{port: 81}", false],
  ["{sourceNamespace: app}", "{sourceNamespace: app}", true],
  ["{sourceNamespace: app}", "{uri: {prefix: /}}", false],
  ["{sourceLabels: {app: a}}", "{sourceLabels: {app: a}}", true],
  ["{sourceLabels: {app: a}}", "{sourceLabels: {app: b}}", false],
  ["{uri: {prefix: /a}, ignoreUriCase: true}", "{uri: {prefix: /a}}", false, { path: "/a" }],
] as [string, string, boolean, Partial<Call>?][])
  table(
    `a root's ${root} and its delegate's ${leaf}`,
    `${BASE}VirtualService app/x {hosts: [x.com], http: [{match: [${root}], delegate: {name: d}}, {route: [{destination: {host: x.com}}]}]}
VirtualService app/d {http: [{match: [${leaf}], route: [{destination: {host: a.com}}]}]}
`,
    [[JSON.stringify(rest), call("http://x.com/", rest), delegated ? DELEGATE : NEXT]],
    RO,
  );
