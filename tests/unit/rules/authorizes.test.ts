import { dr, GW, gateway, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "gateway-authorizes-callers";
const BASE = GW + se("egress/x", "x.com", "80") + dr("egress/gw", "x.com") + vs("egress/x", "x.com");
const good = BASE + gateway("egress/gw", "x.com");
const policy = (spec: string, where = "egress/p"): string => `${good}AuthorizationPolicy ${where} {${spec}}\n`;
const from = (source: string, more = ""): string => `rules: [{from: [{source: {${source}}}]${more}}]`;
const A = "principals: [cluster.local/ns/app/sa/a]";

ruleTable(CODE, "who may dial", [
  [
    "no policy",
    good,
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["principals", policy(from(A)), []],
  [
    "any principal",
    policy(from("principals: ['*']")),
    [
      "AuthorizationPolicy egress/p spec.rules[0].from: no principals, serviceAccounts or namespaces / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  [
    "one of two is any",
    policy(from("principals: [cluster.local/ns/app/sa/a, '*']")),
    [
      "AuthorizationPolicy egress/p spec.rules[0].from: no principals, serviceAccounts or namespaces / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  [
    "an empty principal",
    policy(from("principals: ['']")),
    [
      "AuthorizationPolicy egress/p spec.rules[0].from: no principals, serviceAccounts or namespaces / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  ["service accounts", policy(from("serviceAccounts: [app/a]")), []],
  ["namespaces", policy(from("namespaces: [app]")), []],
  [
    "addresses",
    policy(from("ipBlocks: [10.0.0.0/8]")),
    [
      "AuthorizationPolicy egress/p spec.rules[0].from: no principals, serviceAccounts or namespaces / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  [
    "one source named, one not",
    policy(`rules: [{from: [{source: {${A}}}, {source: {ipBlocks: [10.0.0.0/8]}}]}]`),
    [
      "AuthorizationPolicy egress/p spec.rules[0].from: no principals, serviceAccounts or namespaces / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  [
    "a second rule for anybody",
    policy(`rules: [{from: [{source: {${A}}}]}, {to: [{operation: {ports: ["8443"]}}]}]`),
    [
      "AuthorizationPolicy egress/p spec.rules[1]: no from / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  [
    "one policy names, another does not",
    `${policy(from(A))}AuthorizationPolicy egress/q {rules: [{}]}\n`,
    [
      "AuthorizationPolicy egress/q spec.rules[0]: no from / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
  ["no rule at all", policy(""), []],
  ["an action left to a provider", policy("action: CUSTOM, provider: {name: p}, rules: [{}]"), []],
  [
    "audits only",
    policy(`action: AUDIT, ${from(A)}`),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["the word ALLOW", policy(`action: ALLOW, ${from(A)}`), []],
  [
    "principals that are not known yet",
    policy(from("principals: [UNKNOWN]")),
    ["? Gateway egress/gw spec.rules[0].from[0].source.principals[0]: not known yet / AuthorizationPolicy egress/p"],
  ],
]);

const deny = (rules: string): string => policy(`action: DENY, ${rules}`);
ruleTable(CODE, "who may not", [
  ["all but a principal", deny(from(`notP${A.slice(1)}`)), []],
  ["all but a namespace", deny(from("notNamespaces: [app]")), []],
  [
    "a principal",
    deny(from(A)),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  [
    "all but a principal, on one port",
    deny(from(`notP${A.slice(1)}`, ', to: [{operation: {ports: ["8443"]}}]')),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  [
    "all but a principal, under a condition",
    deny(from(`notP${A.slice(1)}`, ", when: [{key: connection.sni, values: [x.com]}]")),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  [
    "one rule of two is for all others",
    deny(`rules: [{from: [{source: {${A}}}]}, {from: [{source: {notNamespaces: [app]}}]}]`),
    [],
  ],
  [
    "one source of two is for all others",
    deny(`rules: [{from: [{source: {${A}}}, {source: {notNamespaces: [app]}}]}]`),
    [],
  ],
  [
    "allows all but a principal",
    policy(from(`notP${A.slice(1)}`)),
    [
      "AuthorizationPolicy egress/p spec.rules[0].from: no principals, serviceAccounts or namespaces / the rule lets any workload of the mesh use the egress gateway egress/gw",
    ],
  ],
]);

const one = from(A);
const WITHOUT_PODS = (text: string): string => text.replace(/^Deployment.*\n.*\n/m, "");
const SECOND =
  "Deployment egress/gw2 {template: {metadata: {labels: {istio: egress}, annotations: {inject.istio.io/templates: gateway}}, spec: {containers: [{name: istio-proxy}]}}}\n";
ruleTable(CODE, "whose pods a policy is for", [
  ["those of its namespace", policy(one), []],
  [
    "of another namespace",
    policy(one, "other/p"),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["of all namespaces", policy(one, "istio-system/p"), []],
  ["the gateway's labels", policy(`selector: {matchLabels: {istio: egress}}, ${one}`), []],
  [
    "other labels",
    policy(`selector: {matchLabels: {app: web}}, ${one}`),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  [
    "labels that are not known yet",
    policy(`selector: {matchLabels: {istio: UNKNOWN}}, ${one}`),
    ["? Gateway egress/gw spec.selector.matchLabels.istio: not known yet / AuthorizationPolicy egress/p"],
  ],
  [
    "a Gateway of Gateway API, which this is not",
    policy(`targetRefs: [{kind: Gateway, name: gw}], ${one}`),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["the Gateway's pods are not here", WITHOUT_PODS(policy(`selector: {matchLabels: {istio: egress}}, ${one}`)), []],
  [
    "nor in its namespace",
    WITHOUT_PODS(policy(one, "other/p")),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  [
    "one of two sets of pods",
    policy(`selector: {matchLabels: {tier: one}}, ${one}`).replace("{istio: egress},", "{istio: egress, tier: one},") +
      SECOND,
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["both sets of pods", policy(`selector: {matchLabels: {istio: egress}}, ${one}`) + SECOND, []],
  [
    "pods with the labels that are no gateway",
    `${policy(`selector: {matchLabels: {tier: one}}, ${one}`)}Deployment egress/app {template: {metadata: {labels: {istio: egress, tier: one}}, spec: {containers: [{name: a}]}}}\n`,
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
]);

/** Gateway API's egress/kgw, and another gateway that nobody guards. */
const kube = (
  spec: string,
  where = "egress/p",
): string => `${GW}${se("egress/x", "x.com", "80")}KubeGateway egress/kgw {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
HTTPRoute egress/out {parentRefs: [{name: kgw}], hostnames: [x.com], rules: [{backendRefs: [{kind: Hostname, group: networking.istio.io, name: x.com, port: 80}]}]}
AuthorizationPolicy ${where} {${spec}}
`;
ruleTable(CODE, "policies at gateways of Gateway API", [
  ["for its namespace", kube(one), []],
  ["for the Gateway by name", kube(`targetRefs: [{kind: Gateway, name: kgw}], ${one}`), []],
  ["by the old field", kube(`targetRef: {kind: Gateway, name: kgw}, ${one}`), []],
  [
    "for another Gateway",
    kube(`targetRefs: [{kind: Gateway, name: other}], ${one}`),
    [
      "Gateway egress/kgw spec.listeners[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80",
    ],
  ],
  [
    "for a Service of that name",
    kube(`targetRefs: [{kind: Service, name: kgw}], ${one}`),
    [
      "Gateway egress/kgw spec.listeners[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80",
    ],
  ],
  [
    "for several, one of them this",
    kube(`targetRefs: [{kind: Service, name: kgw}, {kind: Gateway, name: kgw}], ${one}`),
    [],
  ],
  [
    "for a Gateway of another namespace",
    kube(`targetRefs: [{kind: Gateway, name: kgw}], ${one}`, "istio-system/p"),
    [
      "Gateway egress/kgw spec.listeners[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80",
    ],
  ],
  ["for the pods' label", kube(`selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: kgw}}, ${one}`), []],
  [
    "for the other gateway's pods",
    kube(`selector: {matchLabels: {istio: egress}}, ${one}`),
    [
      "Gateway egress/kgw spec.listeners[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80",
    ],
  ],
]);

const named = (names: string, mode = "ISTIO_MUTUAL"): string =>
  BASE +
  gateway("egress/gw", "x.com").replaceAll(
    "tls: {mode: ISTIO_MUTUAL}",
    `tls: {mode: ${mode}, subjectAltNames: [${names}]}`,
  );
ruleTable(CODE, "names that a server demands", [
  ["one on each server", named("spiffe://cluster.local/ns/app/sa/a"), []],
  [
    "any name",
    named("'*'"),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  [
    "an empty name",
    named("''"),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["one beside any", named("'*', spiffe://cluster.local/ns/app/sa/a"), []],
  ["with a certificate of one's own", named("spiffe://cluster.local/ns/app/sa/a", "MUTUAL, credentialName: c"), []],
  [
    "that asks no certificate of the client",
    named("spiffe://cluster.local/ns/app/sa/a", "SIMPLE, credentialName: c"),
    [
      "Gateway egress/gw spec.servers[0]: no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods / every workload of the mesh may use what is behind port 80, 443",
    ],
  ],
  ["a gateway that is not judged", good, [], { judged: () => false }],
]);
