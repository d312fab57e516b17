import { se } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

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
