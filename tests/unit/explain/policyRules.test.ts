import type { Call } from "../../../graph/explain/types";
import { A, call, table } from "../../cases/ask";
import { GOOD, RO } from "../../cases/gateway";

const RULE = "AuthorizationPolicy egress/p";
const through = { verdict: "gateway", gateway: "egress/gw" } as const;
const denied = { verdict: "blocked", seen: "HTTP 403", where: "authorization", by: RULE } as const;
const closed = { verdict: "blocked", seen: "connection closed", where: "authorization", by: RULE } as const;
type Row = [rule: string, admits: boolean, rest?: Partial<Call>];

/** An ALLOW policy of one rule at a good gateway: whom it admits to http://x.com, asked by app/a unless said. */
function admits(title: string, rows: Row[], meshConfig: object = {}): void {
  for (const [rule, yes, rest = {}] of rows) {
    const options = { meshConfig: { ...RO.meshConfig, ...meshConfig } };
    const asked = JSON.stringify(rest) === "{}" ? "http" : JSON.stringify(rest);
    table(
      `${title}: ${rule}`,
      `${GOOD}${RULE} {rules: [${rule}]}\n`,
      [[asked, call("http://x.com/", rest), yes ? through : denied]],
      options,
    );
  }
}
const source = (text: string): string => `{from: [{source: {${text}}}]}`;
const operation = (text: string): string => `{to: [{operation: {${text}}}]}`;
const when = (key: string, more: string): string => `{when: [{key: "${key}", ${more}}]}`;
const at = (ip: string): Partial<Call> => ({ workload: { ...A, ip } });

admits("principals", [
  [source("principals: [cluster.local/ns/app/sa/a]"), true],
  [source("principals: [cluster.local/ns/app/sa/b]"), false],
  [source("principals: [cluster.local/ns/app/sa/b, cluster.local/ns/app/sa/a]"), true],
  [source('principals: ["cluster.local/ns/app/*"]'), true],
  [source('principals: ["cluster.local/ns/other/*"]'), false],
  [source('principals: ["*/sa/a"]'), true],
  [source('principals: ["*/sa/b"]'), false],
  [source('principals: ["*"]'), true],
  [source("principals: [old.domain/ns/app/sa/a]"), false],
  [source("notPrincipals: [cluster.local/ns/app/sa/a]"), false],
  [source("notPrincipals: [cluster.local/ns/app/sa/b]"), true],
]);
admits(
  "principals of an alias of the trust domain",
  [
    [source("principals: [old.domain/ns/app/sa/a]"), true],
    [source("principals: [old.domain/ns/app/sa/b]"), false],
    [source('principals: ["old.domain/*"]'), true],
    [source("principals: [older.domain/ns/app/sa/a]"), false],
  ],
  { trustDomainAliases: ["other.domain", "old.domain"] },
);
admits("other sources", [
  [source("namespaces: [app]"), true],
  [source('namespaces: ["ap*"]'), true],
  [source("namespaces: [a]"), false],
  [source("notNamespaces: [app]"), false],
  [source("serviceAccounts: [app/a]"), true],
  [source("serviceAccounts: [app/b]"), false],
  [source("serviceAccounts: [other/a]"), false],
  [source("ipBlocks: [10.1.0.0/24]"), true, at("10.1.0.1")],
  [source("ipBlocks: [10.1.0.0/24]"), false, at("10.1.1.1")],
  [source("ipBlocks: [10.2.0.0/16, 10.1.0.1]"), true, at("10.1.0.1")],
  [source("notIpBlocks: [10.1.0.0/24]"), false, at("10.1.0.1")],
  [source("remoteIpBlocks: [10.1.0.0/24]"), true, at("10.1.0.1")],
  [source('requestPrincipals: ["*"]'), false],
  [source("namespaces: [app], principals: [cluster.local/ns/app/sa/b]"), false],
  ["{from: [{source: {namespaces: [other]}}, {source: {namespaces: [app]}}]}", true],
]);
admits("operations", [
  [operation("hosts: [x.com]"), true],
  [operation("hosts: [X.COM]"), true],
  [operation('hosts: ["*.com"]'), true],
  [operation('hosts: ["x.*"]'), true],
  [operation("hosts: [y.com]"), false],
  [operation("notHosts: [x.com]"), false],
  [operation('ports: ["8080"]'), true],
  [operation('ports: ["80"]'), false],
  [operation("methods: [GET]"), true],
  [operation("methods: [POST]"), false],
  [operation('methods: ["PO*"]'), true, { method: "POST" }],
  [operation("notMethods: [POST]"), true],
  [operation("paths: [/api]"), true, { path: "/api?a=1" }],
  [operation("paths: [/api]"), false, { path: "/api/v1" }],
  [operation('paths: ["/api/*"]'), true, { path: "/api/v1" }],
  [operation('paths: ["*/v1"]'), true, { path: "/api/v1" }],
  [operation('paths: ["*/v2"]'), false, { path: "/api/v1" }],
  [operation('paths: ["/a/{*}/c"]'), true, { path: "/a/b/c" }],
  [operation('paths: ["/a/{*}/c"]'), false, { path: "/a/b/b/c" }],
  [operation('paths: ["/a/{**}"]'), true, { path: "/a/b/c" }],
  [operation('paths: ["/a.b/{*}"]'), false, { path: "/aXb/c" }],
  [operation("notPaths: [/admin]"), false, { path: "/admin" }],
  ["{to: [{operation: {methods: [POST]}}, {operation: {hosts: [x.com]}}]}", true],
  [operation("hosts: [x.com], methods: [POST]"), false],
]);
admits("conditions", [
  [when("request.headers[X-Team]", "values: [red]"), true, { headers: { "x-team": "red" } }],
  [when("request.headers[x-team]", "values: [red]"), false],
  [when("request.headers[x-team]", 'values: ["re*"]'), true, { headers: { "x-team": "red" } }],
  [when("request.headers[x-team]", "notValues: [red]"), false, { headers: { "x-team": "red" } }],
  [when("source.namespace", "values: [app]"), true],
  [when("source.namespace", "notValues: [app]"), false],
  [when("source.principal", "values: [cluster.local/ns/app/sa/b]"), false],
  [when("source.serviceAccount", "values: [app/a]"), true],
  [when("source.ip", "values: [10.1.0.0/24]"), true, at("10.1.0.1")],
  [when("remote.ip", "values: [10.2.0.0/24]"), false, at("10.1.0.1")],
  [when("destination.port", 'values: ["8080"]'), true],
  [when("destination.port", 'values: ["443"]'), false],
  [when("connection.sni", "values: [x.com]"), true],
  [when("connection.sni", 'values: ["*"]'), true],
  [when("connection.sni", "values: [y.com]"), false],
  [when("request.auth.claims[iss]", 'values: ["*"]'), false],
  [when("destination.ip", "values: [10.0.0.1]"), false],
  [when("no.such.key", "values: [x]"), false],
  [
    "{from: [{source: {namespaces: [app]}}], to: [{operation: {hosts: [x.com]}}], when: [{key: source.namespace, values: [other]}]}",
    false,
  ],
]);

const tls = (action: string, rule: string): string => `${GOOD}${RULE} {action: ${action}, rules: [${rule}]}\n`;
for (const [action, rule, expected] of [
  ["ALLOW", when("request.headers[x]", "values: [y]"), closed],
  ["ALLOW", when("connection.sni", "values: [x.com]"), through],
  ["ALLOW", when("no.such.key", "values: [x]"), closed],
  ["DENY", '{from: [{source: {namespaces: [other]}}], to: [{operation: {paths: ["/admin"]}}]}', through],
  ["DENY", '{from: [{source: {namespaces: [app]}}], to: [{operation: {paths: ["/admin"]}}]}', closed],
  ["DENY", when("request.headers[x]", "values: [y]"), closed],
  ["DENY", when("no.such.key", "values: [x]"), through],
  ["DENY", operation('ports: ["443"]'), through],
  ["DENY", operation('ports: ["8443"]'), closed],
] as const)
  table(`on a TLS server: ${action} ${rule}`, tls(action, rule), [["https", call("https://x.com/"), expected]], RO);
table(
  "addresses where the caller's is not known",
  `${GOOD}${RULE} {rules: [${source("ipBlocks: [10.1.0.0/24]")}]}\n`,
  [["http", call("http://x.com/"), { verdict: "unknown", how: "input" }]],
  RO,
);
