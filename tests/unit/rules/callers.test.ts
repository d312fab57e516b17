import { dr, GW, GWHOST, gateway, se } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "service-entry-routed-by-egress-gateway";
const toGateway = `route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]`;
const out = "route: [{destination: {host: x.com, port: {number: 80}}}]";
const GATEWAY_RULE = `{match: [{gateways: [egress/gw]}], ${out}}`;
/** x.com on port 80, routed to the gateway; `rules`: http rules for sidecars, before the one for all others. */
const graph = (rules: string, more = "", entry = se("egress/x", "x.com", "80")): string =>
  `${GW}${entry}${dr("egress/gw", "x.com")}${gateway("egress/gw", "x.com")}
VirtualService egress/x {hosts: [x.com], gateways: [mesh, egress/gw], http: [${GATEWAY_RULE}, ${rules}{${toGateway}}]}
${more}`;
const pods = (name: string, labels: string, more = ""): string =>
  `Deployment app/${name} {template: {metadata: {labels: {${labels}}${more}}, spec: {serviceAccountName: a, containers: [{name: a}]}}}\n`;
const NOTHING = `Sidecar app/default {egress: [{hosts: ["~/*"]}]}\n`;
const SCOPE = `${NOTHING}Sidecar app/a {workloadSelector: {labels: {app: a}}, egress: [{hosts: [egress/x.com]}]}\n`;
const TO_APP = se("egress/x", "x.com", "80", "resolution: DNS, exportTo: [app, egress]");
const WEB_ONLY = `{match: [{sourceLabels: {tier: web}}], ${toGateway}}, {match: [{sourceLabels: {tier: db}}], ${out}}, `;

ruleTable(CODE, "pods that a Sidecar selects are asked as they are", [
  ["with the labels that are routed", graph(WEB_ONLY, SCOPE + pods("a", "app: a, tier: web"), TO_APP), []],
  [
    "with those that are not",
    graph(WEB_ONLY, SCOPE + pods("a", "app: a, tier: db"), TO_APP),
    ["ServiceEntry egress/x spec.hosts: x.com:80 HTTP / Deployment app/a reaches x.com:80 without an egress gateway"],
  ],
  [
    "each set of labels",
    graph(WEB_ONLY, SCOPE + pods("a", "app: a, tier: web") + pods("a2", "app: a, tier: db"), TO_APP),
    ["ServiceEntry egress/x spec.hosts: x.com:80 HTTP / Deployment app/a2 reaches x.com:80 without an egress gateway"],
  ],
  [
    "not those that it does not select",
    graph(WEB_ONLY, SCOPE + pods("a", "app: a, tier: web") + pods("b", "app: b, tier: db"), TO_APP),
    [],
  ],
  [
    "not a gateway's",
    graph(
      WEB_ONLY,
      SCOPE +
        pods("a", "app: a, tier: web") +
        pods("g", "app: a, tier: db", ", annotations: {inject.istio.io/templates: gateway}"),
      TO_APP,
    ),
    [],
  ],
  [
    "labels not known yet are nobody's",
    graph(WEB_ONLY, SCOPE + pods("a", "app: a, tier: UNKNOWN"), TO_APP),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/a with tier=db reaches x.com:80 without",
    ],
  ],
  [
    "no pods known: the selector's labels, and those of the routes",
    graph(WEB_ONLY, SCOPE, TO_APP),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/a with tier=db reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "labels of a route that the selector contradicts",
    graph(`{match: [{sourceLabels: {app: b}}], ${out}}, `, SCOPE, TO_APP),
    [],
  ],
  [
    "labels of a route that it does not",
    graph(`{match: [{sourceLabels: {tier: x, zone: y}}], ${out}}, `, SCOPE, TO_APP),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/a with tier=x,zone=y reaches x.com:80 without an egress gateway",
    ],
  ],
]);

const APP2 = "Namespace app2 +istio-injection=enabled\nNamespace team +istio-injection=enabled\n";
const from = (namespace: string): string => `{match: [{sourceNamespace: ${namespace}}], ${out}}, `;
ruleTable(CODE, "pods of each namespace that sees the entry", [
  ["nobody sees it", se("app/x", "x.com", "80", 'resolution: DNS, exportTo: ["~"]'), []],
  [
    "everybody sees it",
    se("app/x", "x.com", "80"),
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / a pod of namespace app that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "one namespace sees it",
    se("other/x", "x.com", "80", "resolution: DNS, exportTo: [app]"),
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / a pod of namespace app that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "one of two has a Sidecar without it",
    `${se("other/x", "x.com", "80", "resolution: DNS, exportTo: [app, app2]")}Sidecar app/default {egress: [{hosts: ["./*"]}]}\n`,
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / a pod of namespace app2 that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a Sidecar that selects leaves the rest",
    `${se("other/x", "x.com", "80", "resolution: DNS, exportTo: [app]")}Sidecar app/a {workloadSelector: {labels: {app: a}}, egress: [{hosts: ["./*"]}]}\n`,
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / a pod of namespace app that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "only a gateway's namespace sees it",
    `${GW}${se("egress/x", "x.com", "80", 'resolution: DNS, exportTo: ["."]')}Sidecar egress/default {egress: [{hosts: ["./*"]}]}\n`,
    [],
  ],
  [
    "a namespace with other pods beside the gateway",
    `${GW}${se("egress/x", "x.com", "80", 'resolution: DNS, exportTo: ["."]')}Deployment egress/tool {template: {metadata: {labels: {app: tool}}, spec: {containers: [{name: t}]}}}\n`,
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of namespace egress that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  ["the root namespace", se("istio-system/x", "x.com", "80", 'resolution: DNS, exportTo: ["."]'), []],
  [
    "a namespace without sidecars",
    `Namespace bare\n${se("bare/x", "x.com", "80", 'resolution: DNS, exportTo: ["."]')}Sidecar bare/default {egress: [{hosts: ["./*"]}]}\n`,
    [],
  ],
  [
    "a namespace that a route singles out",
    graph(from("team"), APP2),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of namespace team that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "the same where the namespace does not see it",
    graph(from("team"), APP2, se("egress/x", "x.com", "80", "resolution: DNS, exportTo: [app2, egress]")),
    [],
  ],
  [
    "a namespace whose calls end, while the others' go through",
    graph(`{match: [{sourceNamespace: team}], route: [{destination: {host: gone.com}}]}, `, APP2),
    [],
  ],
  [
    "a namespace with a route of its own",
    graph("", `${APP2}VirtualService team/x {hosts: [x.com], exportTo: ["."], http: [{${out}}]}\n`),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of namespace team that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a namespace that gets a route by name",
    graph("", `${APP2}VirtualService other/x {hosts: [x.com], exportTo: [team], http: [{${out}}]}\n`),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of namespace team that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "without namespaces that are not here",
    se("app/x", "x.com", "80"),
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / a pod of namespace app that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
    { options: { otherNamespaces: false } },
  ],
  [
    "the same with one known",
    `${APP2}${se("app/x", "x.com", "80", "resolution: DNS")}Sidecar app/default {egress: [{hosts: ["~/*"]}]}\n`,
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / a pod of namespace app2 that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
    { options: { otherNamespaces: false } },
  ],
  [
    "one known by its pods",
    `Pod team/p {containers: [{name: p}]}\n${se("app/x", "x.com", "80", "resolution: DNS")}Sidecar app/default {egress: [{hosts: ["~/*"]}]}\n`,
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / a pod of namespace team that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
    { options: { otherNamespaces: false } },
  ],
]);

const importing = (hosts: string): string =>
  `${se("other/x", "x.com, a.y.com", "80", "resolution: DNS, exportTo: [app]")}Sidecar app/default {egress: [{hosts: [${hosts}]}]}\n`;
ruleTable(CODE, "what a Sidecar imports", [
  [
    "the host",
    importing("other/x.com"),
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/default reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "hosts of the namespace",
    importing("'other/*'"),
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/default reaches x.com:80 without an egress gateway",
      "ServiceEntry other/x spec.hosts: a.y.com:80 HTTP / the pods of Sidecar app/default reaches a.y.com:80 without an egress gateway",
    ],
  ],
  [
    "of any namespace",
    importing("'*/x.com'"),
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/default reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a wildcard above it",
    importing("'other/*.y.com'"),
    [
      "ServiceEntry other/x spec.hosts: a.y.com:80 HTTP / the pods of Sidecar app/default reaches a.y.com:80 without an egress gateway",
    ],
  ],
  ["of its own namespace only", importing("'./*'"), []],
  ["of one whose name starts with a dot is its own", importing("'./x.com'"), []],
  [
    "a namespace of one letter",
    `${se("o/x", "x.com", "80", "resolution: DNS, exportTo: [app]")}Sidecar app/default {egress: [{hosts: [o/x.com]}]}\n`,
    [
      "ServiceEntry o/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/default reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "all but it",
    importing("'*/*', '~other/x.com'"),
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / calls of the pods of Sidecar app/default end at virtual-host",
      "ServiceEntry other/x spec.hosts: a.y.com:80 HTTP / the pods of Sidecar app/default reaches a.y.com:80 without an egress gateway",
    ],
  ],
  ["nothing, as no entry has a namespace", importing("'x.com'"), []],
  [
    "everything, as it has no listeners",
    `${se("other/x", "x.com", "80", "resolution: DNS, exportTo: [app]")}Sidecar app/default {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}\n`,
    [
      "ServiceEntry other/x spec.hosts: x.com:80 HTTP / the pods of Sidecar app/default reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "what is not known yet",
    importing("UNKNOWN"),
    [
      "? ServiceEntry other/x spec.hosts: x.com:80 HTTP / Sidecar app/default spec.egress[0].hosts[0] is not known",
      "? ServiceEntry other/x spec.hosts: a.y.com:80 HTTP / Sidecar app/default spec.egress[0].hosts[0] is not known",
    ],
  ],
  [
    "pods that are not known yet",
    `${se("other/x", "x.com", "80", "resolution: DNS, exportTo: [app]")}Sidecar app/a {workloadSelector: {labels: UNKNOWN}, egress: [{hosts: [other/x.com]}]}\nSidecar app/default {egress: [{hosts: ["~/*"]}]}\n`,
    ["? ServiceEntry other/x spec.hosts: x.com:80 HTTP / Sidecar app/a spec.workloadSelector.labels is not known"],
  ],
  [
    "another namespace may not see it",
    `${se("other/x", "x.com", "80", "resolution: DNS, exportTo: [app]")}Sidecar app/default {egress: [{hosts: ["~/*"]}]}\nSidecar app2/default {egress: [{hosts: [other/x.com]}]}\n`,
    [],
  ],
]);
