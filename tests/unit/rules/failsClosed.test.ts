import { dr, GW, gateway, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "service-entry-fails-closed";
const ENTRY = se("egress/x", "x.com", "80", "resolution: DNS, exportTo: [app, egress]");
const GATEWAY = dr("egress/gw", "x.com") + gateway("egress/gw", "x.com");
const ROUTED = GW + ENTRY + GATEWAY + vs("egress/x", "x.com");
const network = (spec: string, where = "app/n"): string => `${ROUTED}NetworkPolicy ${where} {${spec}}\n`;
const LIMIT = "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]";

ruleTable(CODE, "what stands behind the route", [
  [
    "nothing",
    ROUTED,
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/x leads to the egress gateway"],
  ],
  ["a policy that limits all pods", network(`podSelector: {}, ${LIMIT}`), []],
  ["one that lets nothing out", network("podSelector: {}, policyTypes: [Egress]"), []],
  [
    "one for what comes in",
    network("podSelector: {}, policyTypes: [Ingress]"),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/x leads to the egress gateway"],
  ],
  ["one whose rules speak for its type", network("podSelector: {}, egress: [{ports: [{port: 443}]}]"), []],
  [
    "one with a rule for everything",
    network("podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}, {}]"),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/x leads to the egress gateway"],
  ],
  [
    "one of another namespace",
    network(`podSelector: {}, ${LIMIT}`, "other/n"),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/x leads to the egress gateway"],
  ],
  [
    "one for other pods",
    network(`podSelector: {matchLabels: {app: web}}, ${LIMIT}`),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/x leads to the egress gateway"],
  ],
  [
    "one of two limits",
    `${network("podSelector: {}, policyTypes: [Ingress]")}NetworkPolicy app/m {podSelector: {}, ${LIMIT}}\n`,
    [],
  ],
]);

const APART = `VirtualService egress/out {hosts: [x.com], gateways: [egress/gw], http: [{route: [{destination: {host: x.com, port: {number: 80}}}]}]}\n`;
const mesh = (gateways: string): string =>
  `${GW}${ENTRY}${GATEWAY}${APART}VirtualService egress/in {hosts: [x.com]${gateways}, http: [{route: [{destination: {host: gw.egress.svc.cluster.local, port: {number: 80}}}]}]}\n`;
const KUBE = (kind: string): string => `Namespace app +istio-injection=enabled
KubeGateway egress/kgw {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
${ENTRY}HTTPRoute egress/out {parentRefs: [{name: kgw}], hostnames: [x.com], rules: [{backendRefs: [{kind: Hostname, group: networking.istio.io, name: x.com, port: 80}]}]}
HTTPRoute app/in {parentRefs: [{${kind}name: x, namespace: egress}], rules: [{backendRefs: [{name: kgw-istio, namespace: egress, port: 80}]}]}
`;
ruleTable(CODE, "which route it is", [
  [
    "of the mesh by default",
    mesh(""),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/in leads to the egress gateway"],
  ],
  [
    "of the mesh by an empty list",
    mesh(", gateways: []"),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/in leads to the egress gateway"],
  ],
  [
    "of the mesh by word",
    mesh(", gateways: [mesh]"),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only VirtualService egress/in leads to the egress gateway"],
  ],
  [
    "of Gateway API",
    KUBE("kind: ServiceEntry, group: networking.istio.io, "),
    ["ServiceEntry egress/x spec.endpoints: x.com:80 / only HTTPRoute app/in leads to the egress gateway"],
  ],
  [
    "none: the endpoint is the gateway",
    `${GW}${GATEWAY}${se("egress/x", "x.com", "80", 'resolution: DNS, exportTo: ["."]')}${se("app/x", "x.com", "80", "resolution: DNS, endpoints: [{address: gw.egress.svc.cluster.local}]")}${APART}`,
    [],
  ],
  ["none: nothing routes it at all", GW + ENTRY, []],
  ["an entry that is not known yet", ROUTED.replace("hosts: [x.com], ports", "hosts: [UNKNOWN], ports"), []],
]);
