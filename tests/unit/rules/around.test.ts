import { dr, GW, gateway, RO, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

/** What rules read beside their own objects: the data plane's mode, the mesh config, injection, gateways' directions. */
const AMBIENT = "Namespace amb +istio.io/dataplane-mode=ambient\nNamespace shop\n";
const SIDECAR = 'Sidecar istio-system/default {egress: [{hosts: ["./*"]}]}\n';
const HIDDEN = `${AMBIENT}${SIDECAR}`;
const labelled = (labels: string, more = "", exportTo = "amb"): string =>
  `${HIDDEN}${se(`shop/x ${labels}`, "x.com", "80", `resolution: DNS, exportTo: [${exportTo}]`)}${more}`;
const WAYPOINT = "KubeGateway shop/wp {gatewayClassName: istio-waypoint}\n";
ruleTable("service-entry-routed-by-egress-gateway", "ambient namespaces", [
  [
    "no label",
    labelled(""),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  ["a waypoint that is there", labelled("+istio.io/use-waypoint=wp", WAYPOINT), []],
  [
    "one that is not",
    labelled("+istio.io/use-waypoint=wp"),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "the word none",
    labelled("+istio.io/use-waypoint=none", WAYPOINT),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "a Gateway of another class",
    labelled("+istio.io/use-waypoint=wp", WAYPOINT.replace("istio-waypoint", "istio")),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "a Gateway of Istio",
    labelled("+istio.io/use-waypoint=wp", "Gateway shop/wp {gatewayClassName: istio-waypoint}\n"),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "one of another namespace",
    labelled("+istio.io/use-waypoint=wp +istio.io/use-waypoint-namespace=other", WAYPOINT.replace("shop/", "other/")),
    [],
  ],
  [
    "one of another namespace that is here",
    labelled("+istio.io/use-waypoint=wp +istio.io/use-waypoint-namespace=other", WAYPOINT),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "the namespace's label",
    labelled("", WAYPOINT).replace("Namespace shop", "Namespace shop +istio.io/use-waypoint=wp"),
    [],
  ],
  [
    "its own label first",
    labelled("+istio.io/use-waypoint=gone", WAYPOINT).replace(
      "Namespace shop",
      "Namespace shop +istio.io/use-waypoint=wp",
    ),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "its namespace is not here",
    labelled("").replace("Namespace shop\n", ""),
    [
      "ServiceEntry shop/x metadata.labels: x.com / pods of the ambient namespace amb reach x.com without an egress gateway",
    ],
  ],
  [
    "not exported to an ambient namespace",
    labelled("", "", "other"),
    [
      "ServiceEntry shop/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace other that no Sidecar selects end at filter-chain",
    ],
  ],
]);

const config = (mesh: string): string => `ConfigMap istio-system/istio {}\n${mesh}`;
const release = (chart: string, mode = "ALLOW_ANY"): string =>
  `Release istio-system/i {chart: ${chart}, values: {meshConfig: {outboundTrafficPolicy: {mode: ${mode}}}}}\n`;
const NO_MESH = { mesh: {} };
ruleTable("no-open-outbound-policy", "where the mesh config stands", [
  ["nowhere", "Namespace app\n", [], NO_MESH],
  [
    "in a ConfigMap without a word",
    config(""),
    [
      "ConfigMap istio-system/istio data.mesh: outboundTrafficPolicy.mode: absent, which means ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "in istiod's release",
    release("istiod"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  ["the same, closed", release("istiod", "REGISTRY_ONLY"), [], NO_MESH],
  [
    "in an archive",
    release("./charts/istiod-1.31.0.tgz"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "in a folder of Istio's repository",
    release("manifests/charts/istio-control/istio-discovery/"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "with two slashes at the end",
    release("charts/istiod//"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "with a version of two digits",
    release("istiod-v10.31.0-rc.1"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  ["another chart", release("gateway"), [], NO_MESH],
  ["a chart whose name starts the same", release("istiod-remote"), [], NO_MESH],
  [
    "a chart that is not known yet",
    release("UNKNOWN"),
    ["? Release istio-system/i spec.chart: not known yet / it decides about every call, so nothing could be judged"],
    NO_MESH,
  ],
  [
    "a Sidecar takes the mesh's mode, which is not here",
    "Sidecar app/s {egress: [{hosts: ['./*']}]}\n",
    [
      "Sidecar app/s spec.outboundTrafficPolicy.mode: absent / it takes the mode of the mesh config, which is not among these objects and open by default",
    ],
    NO_MESH,
  ],
  [
    "a Sidecar takes the mesh's mode, which is here and open",
    `${release("istiod")}Sidecar app/s {egress: [{hosts: ['./*']}]}\n`,
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY",
      "Sidecar app/s spec.outboundTrafficPolicy.mode: absent / it takes the mode of the mesh config, which is open",
    ],
    NO_MESH,
  ],
  [
    "a Sidecar takes the mesh's mode, which is closed",
    "Sidecar app/s {egress: [{hosts: ['./*']}]}\n",
    [],
    { mesh: RO },
  ],
  [
    "a Sidecar opens",
    "Sidecar app/s {outboundTrafficPolicy: {mode: ALLOW_ANY}}\n",
    ["Sidecar app/s spec.outboundTrafficPolicy.mode: ALLOW_ANY / its pods may call every host outside"],
    { mesh: RO },
  ],
  [
    "a Sidecar's mode is not known yet",
    "Sidecar app/s {outboundTrafficPolicy: {mode: UNKNOWN}}\n",
    ["? Sidecar app/s spec.outboundTrafficPolicy.mode: not known yet / Sidecar app/s"],
    { mesh: RO },
  ],
]);

ruleTable("namespace-denies-by-default", "injected namespaces", [
  [
    "by the old label",
    "Namespace app +istio-injection=enabled\n",
    [
      "Namespace app: no Sidecar without workloadSelector / pods of namespace app that no Sidecar selects may call every ServiceEntry exported to them",
    ],
  ],
  [
    "by a revision",
    "Namespace app +istio.io/rev=stable\n",
    [
      "Namespace app: no Sidecar without workloadSelector / pods of namespace app that no Sidecar selects may call every ServiceEntry exported to them",
    ],
  ],
  ["switched off", "Namespace app +istio-injection=disabled +istio.io/rev=stable\n", []],
  ["no label at all", "Namespace app\n", []],
  ["with a Sidecar", 'Namespace app +istio-injection=enabled\nSidecar app/d {egress: [{hosts: ["./*"]}]}\n', []],
  [
    "with an empty selector",
    'Namespace app +istio-injection=enabled\nSidecar app/d {workloadSelector: {labels: {}}, egress: [{hosts: ["./*"]}]}\n',
    [],
  ],
  [
    "with a selector that is not known yet",
    'Namespace app +istio-injection=enabled\nSidecar app/d {workloadSelector: {labels: UNKNOWN}, egress: [{hosts: ["./*"]}]}\n',
    [
      "Namespace app: no Sidecar without workloadSelector / pods of namespace app that no Sidecar selects may call every ServiceEntry exported to them",
    ],
  ],
  [
    "not here, but with a Sidecar for some",
    'Sidecar app/a {workloadSelector: {labels: {app: a}}, egress: [{hosts: ["./*"]}]}\n',
    [
      "Sidecar app/a spec.workloadSelector: no Sidecar without workloadSelector / pods of namespace app that no Sidecar selects may call every ServiceEntry exported to them",
    ],
  ],
  [
    "a gateway's",
    "Namespace egress +istio-injection=enabled\nDeployment egress/gw {template: {metadata: {labels: {istio: egress}, annotations: {inject.istio.io/templates: gateway}}, spec: {containers: [{name: istio-proxy}]}}}\n",
    [],
  ],
  ["not judged", "Namespace app +istio-injection=enabled\n", [], { judged: () => false }],
  [
    "a label that is not known yet",
    "Namespace app +istio-injection=UNKNOWN\n",
    ["? Namespace app metadata.labels: not known yet / Namespace app"],
  ],
]);

const any = (more: string, routes = vs("egress/x", "x.com")): string =>
  `${GW}${se("egress/x", "x.com", "80")}${dr("egress/gw", "x.com")}${gateway("egress/gw", "'*'")}${routes}${more}`;
const bound = (http: string): string => `VirtualService egress/x {hosts: [y.com], gateways: [egress/gw], ${http}}\n`;
ruleTable("gateway-hosts-not-any", "which way a gateway leads", [
  [
    "out",
    any(""),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by a mirror",
    any("", bound("http: [{route: [{destination: {host: web}}], mirror: {host: x.com}}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by one of several mirrors",
    any("", bound("http: [{route: [{destination: {host: web}}], mirrors: [{destination: {host: x.com}}]}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by TLS",
    any("", bound("tls: [{match: [{sniHosts: [y.com]}], route: [{destination: {host: x.com}}]}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by TCP",
    any("", bound("tcp: [{route: [{destination: {host: x.com}}]}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["in", any("", bound("http: [{route: [{destination: {host: web}}]}]")), []],
  [
    "in, to an entry inside the mesh",
    any("", bound("http: [{route: [{destination: {host: x.com}}]}]")).replace(
      "resolution: DNS",
      "location: MESH_INTERNAL, resolution: DNS",
    ),
    [],
  ],
  [
    "to an entry that is not known yet",
    any("", bound("http: [{route: [{destination: {host: x.com}}]}]")).replace(
      "resolution: DNS",
      "location: UNKNOWN, resolution: DNS",
    ),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["to what is not known yet", any("", bound("http: [{route: [{destination: {host: UNKNOWN}}]}]")), []],
  ["by rules that are not known yet", any("", bound("http: UNKNOWN")), []],
  [
    "nowhere yet",
    any("", ""),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["out, by name", any("").replaceAll("'*'", "x.com"), []],
  [
    "out, for any name of a namespace",
    any("").replaceAll("'*'", "'egress/*'"),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: egress/* / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: egress/* / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["out, for names below one", any("").replaceAll("'*'", "'*.x.com'"), []],
  [
    "a Gateway of Gateway API",
    `${se("egress/x", "x.com", "80")}KubeGateway egress/kgw {gatewayClassName: istio, servers: [{hosts: ["*"]}], listeners: [{name: http, port: 80, protocol: HTTP}]}\n`,
    [],
  ],
  [
    "hosts that are not known yet",
    any("").replaceAll("'*'", "UNKNOWN"),
    ["? Gateway egress/gw spec.servers[0].hosts[0]: not known yet / Gateway egress/gw"],
  ],
]);
