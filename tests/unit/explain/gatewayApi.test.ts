import { A, call, table } from "../../cases/ask";
import { GW, gateway, RO, se } from "../../cases/gateway";

const http = call("http://x.com/");
const https = call("https://x.com/");
const direct = { verdict: "direct", how: "service" } as const;
const through = { verdict: "gateway", gateway: "egress/kgw-istio" } as const;

/** Managed gateway `egress/kgw`: HTTP on 80, TLS passthrough on 443; mesh routes from the ServiceEntry to it. */
const KUBE = `
Namespace app +istio-injection=enabled
KubeGateway egress/kgw {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}, {name: tls, port: 443, protocol: TLS, tls: {mode: Passthrough}}]}
${se("egress/x", "x.com")}
HTTPRoute egress/to-gateway {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x}], rules: [{backendRefs: [{name: kgw-istio, port: 80}]}]}
HTTPRoute egress/out {parentRefs: [{name: kgw}], hostnames: [x.com], rules: [{backendRefs: [{kind: Hostname, group: networking.istio.io, name: x.com, port: 80}]}]}
TLSRoute egress/to-gateway {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x, port: 443}], rules: [{backendRefs: [{name: kgw-istio, port: 443}]}]}
TLSRoute egress/out {parentRefs: [{name: kgw}], hostnames: [x.com], rules: [{backendRefs: [{kind: Hostname, group: networking.istio.io, name: x.com, port: 443}]}]}
`;
table(
  "Gateway API as egress gateway",
  KUBE,
  [
    ["http", http, { ...through, destination: "x.com:80" }],
    ["https", https, { ...through, destination: "x.com:443" }],
    ["another host", call("http://y.com/"), { verdict: "blocked", seen: "HTTP 502" }],
  ],
  RO,
);
table(
  "88 an unknown backend",
  KUBE.replace("name: x.com, port: 80}", "name: y.com, port: 80}"),
  [["http", http, { verdict: "blocked", seen: "HTTP 500" }]],
  RO,
);
table(
  "88 a Hostname with namespace",
  KUBE.replace("name: x.com, port: 80}", "namespace: egress, name: x.com, port: 80}"),
  [["http", http, { verdict: "blocked", seen: "HTTP 500" }]],
  RO,
);
table(
  "routes of another namespace are not attached",
  KUBE.replace(
    "HTTPRoute egress/out {parentRefs: [{name: kgw}]",
    "HTTPRoute app/out {parentRefs: [{name: kgw, namespace: egress}]",
  ),
  [["http", http, { verdict: "blocked", seen: "HTTP 404" }]],
  RO,
);
table(
  "unless the listener allows them",
  KUBE.replace(
    "HTTPRoute egress/out {parentRefs: [{name: kgw}]",
    "HTTPRoute app/out {parentRefs: [{name: kgw, namespace: egress}]",
  ).replace("port: 80, protocol: HTTP}", "port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}"),
  [["http", http, through]],
  RO,
);
const MOVED = KUBE.replace(
  "HTTPRoute egress/to-gateway {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x}], rules: [{backendRefs: [{name: kgw-istio, port: 80}]}]}",
  "HTTPRoute app/to-gateway {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x, namespace: egress}], rules: [{backendRefs: [{name: kgw-istio, namespace: egress, port: 80}]}]}",
).replace(
  "TLSRoute egress/to-gateway {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x, port: 443}], rules: [{backendRefs: [{name: kgw-istio, port: 443}]}]}",
  "TLSRoute app/to-gateway {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x, namespace: egress, port: 443}], rules: [{backendRefs: [{name: kgw-istio, namespace: egress, port: 443}]}]}",
);
const other = { workload: { ...A, namespace: "app2" } };
table(
  "87 a mesh HTTPRoute acts on its namespace, a TLSRoute on all",
  MOVED,
  [
    ["http of its namespace", http, through],
    ["http of another", call("http://x.com/", other), direct],
    ["https of its namespace", https, through],
    ["https of another", call("https://x.com/", other), through],
  ],
  RO,
);
table(
  "83 targetRefs on a managed gateway",
  `${KUBE}AuthorizationPolicy egress/p {targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: kgw}]}\n`,
  [["http", http, { verdict: "blocked", seen: "HTTP 403" }]],
  RO,
);
table(
  "65 an Istio Gateway beside a managed one",
  `${KUBE}
Gateway other/g {selector: {gateway.networking.k8s.io/gateway-name: kgw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
VirtualService other/x {hosts: [x.com], gateways: [other/g], http: [{redirect: {}}]}`,
  [["http", http, through]],
  RO,
);
table(
  "two backends, one with weight 0",
  KUBE.replace("[{name: kgw-istio, port: 80}]", "[{name: kgw-istio, port: 80}, {name: nowhere, port: 80, weight: 0}]"),
  [["http", http, { ...through, outcomes: 1 }]],
  RO,
);
table(
  "no backend with weight",
  KUBE.replace("[{name: kgw-istio, port: 80}]", "[{name: kgw-istio, port: 80, weight: 0}]"),
  [["http", http, { verdict: "blocked", seen: "HTTP 500" }]],
  RO,
);
void GW;
void gateway;
