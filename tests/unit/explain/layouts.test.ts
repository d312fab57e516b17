import { A, B, call, table } from "../../cases/ask";

/** Recipe 1a: the ServiceEntry's endpoint is the gateway; no VirtualService of the mesh (fails closed). */
export const ONE_A = `
Namespace app +istio-injection=enabled
Namespace egress +istio-injection=enabled
Release egress/shared {chart: gateway, values: {service: {type: ClusterIP}}}
Deployment app/a {template: {metadata: {labels: {app: a}}, spec: {serviceAccountName: a, containers: [{name: a}]}}}
Sidecar app/default {egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
ServiceEntry app/x {hosts: [x.com], location: MESH_EXTERNAL, resolution: DNS, exportTo: ["."],
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}],
  endpoints: [{address: shared.egress.svc.cluster.local, ports: {http: 80, tls: 443}}]}
DestinationRule app/x {host: x.com, exportTo: ["."], trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: x.com,
  subjectAltNames: ["spiffe://cluster.local/ns/egress/sa/shared"]}}}
ServiceEntry egress/x {hosts: [x.com], location: MESH_EXTERNAL, resolution: DNS, exportTo: ["."],
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/shared], exportTo: ["."],
  http: [{match: [{port: 80}], route: [{destination: {host: x.com, port: {number: 80}}}]}],
  tcp: [{match: [{port: 443}], route: [{destination: {host: x.com, port: {number: 443}}}]}]}
Gateway egress/shared {selector: {istio: shared}, servers: [
  {port: {number: 80, name: http, protocol: HTTPS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL}},
  {port: {number: 443, name: tls-x, protocol: TLS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL}}]}
AuthorizationPolicy egress/deny {}
AuthorizationPolicy egress/allow {selector: {matchLabels: {istio: shared}}, rules: [
  {from: [{source: {principals: [cluster.local/ns/app/sa/a]}}], to: [{operation: {hosts: [x.com, "x.com:*"], ports: ["80"]}}]},
  {from: [{source: {principals: [cluster.local/ns/app/sa/a]}}], to: [{operation: {ports: ["443"]}}], when: [{key: connection.sni, values: [x.com]}]}]}
`;

table("recipe 1a", ONE_A, [
  ["http", call("http://x.com/"), { verdict: "gateway", gateway: "egress/shared", destination: "x.com:80" }],
  ["https", call("https://x.com/"), { verdict: "gateway", gateway: "egress/shared", destination: "x.com:443" }],
  [
    "http of an application that no rule allows",
    call("http://x.com/", { workload: B }),
    { verdict: "blocked", seen: "HTTP 403", by: "AuthorizationPolicy egress/" },
  ],
  [
    "https of an application that no rule allows",
    call("https://x.com/", { workload: B }),
    { verdict: "blocked", seen: "curl 35" },
  ],
  [
    "another host over http",
    call("http://y.com/"),
    { verdict: "blocked", seen: "HTTP 502", by: "Sidecar app/default spec.outboundTrafficPolicy" },
  ],
  ["another host over https", call("https://y.com/"), { verdict: "blocked", seen: "curl 35" }],
  ["another port", call("http://x.com:8080/"), { verdict: "blocked", seen: "connection closed" }],
  [
    "a namespace that sees nothing",
    call("http://x.com/", { workload: { ...A, namespace: "other" } }),
    { verdict: "direct", how: "passthrough" },
  ],
]);

/** Recipe 1a-routes: the applications' side stands once, in a namespace of its own; identity in the Gateway's servers. */
const ROUTES = `
Namespace apps +istio-injection=enabled
Namespace jobs +istio-injection=enabled
Namespace external-routes
Namespace egress +istio-injection=enabled
Release egress/shared {chart: oci/gateway-1.31.0.tgz, values: {}}
Sidecar apps/a {workloadSelector: {labels: {app: a}}, egress: [{hosts: [external-routes/x.com]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
Sidecar apps/default {egress: [{hosts: ["~/*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
Sidecar jobs/default {egress: [{hosts: [external-routes/x.com]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
ServiceEntry external-routes/x {hosts: [x.com], location: MESH_EXTERNAL, resolution: STATIC, exportTo: [apps],
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}],
  endpoints: [{address: 10.96.0.7, ports: {http: 80, tls: 443}}]}
DestinationRule external-routes/x {host: x.com, exportTo: [apps], trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: x.com,
  subjectAltNames: ["spiffe://cluster.local/ns/egress/sa/shared"]}}}
ServiceEntry egress/x {hosts: [x.com], location: MESH_EXTERNAL, resolution: DNS, exportTo: ["."],
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/shared], exportTo: ["."],
  http: [{match: [{port: 80}], route: [{destination: {host: x.com, port: {number: 80}}}]}],
  tcp: [{match: [{port: 443}], route: [{destination: {host: x.com, port: {number: 443}}}]}]}
Gateway egress/shared {selector: {istio: shared}, servers: [
  {port: {number: 80, name: http-x, protocol: HTTPS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://cluster.local/ns/apps/sa/a"]}},
  {port: {number: 443, name: tls-x, protocol: TLS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://cluster.local/ns/apps/sa/a"]}}]}
`.replace("values: {}", "values: {service: {clusterIP: 10.96.0.7}}");
const apps = { ...A, namespace: "apps" };
const jobs = { ...A, namespace: "jobs" };
table("recipe 1a-routes", ROUTES, [
  [
    "http",
    call("http://x.com/", { workload: apps }),
    { verdict: "gateway", gateway: "egress/shared", destination: "x.com:80" },
  ],
  [
    "https",
    call("https://x.com/", { workload: apps }),
    { verdict: "gateway", gateway: "egress/shared", destination: "x.com:443" },
  ],
  [
    "a namespace that the entry is not exported to",
    call("https://x.com/", { workload: jobs }),
    { verdict: "blocked", seen: "curl 35" },
  ],
  [
    "another application of the namespace",
    call("http://x.com/", { workload: { ...B, namespace: "apps" } }),
    { verdict: "blocked", seen: "connection closed" },
  ],
  [
    "a Sidecar that knows the host, an identity that the server refuses",
    call("http://x.com/", { workload: { ...apps, serviceAccount: "evil" } }),
    {
      verdict: "blocked",
      seen: "HTTP 503",
      missing: /subjectAltNames does not name spiffe:\/\/cluster.local\/ns\/apps\/sa\/evil/,
    },
  ],
]);

/** Recipe 1b: VirtualService of the mesh, DestinationRule with a subset a host. */
const ONE_B = `
Namespace apps +istio-injection=enabled
Namespace egress +istio-injection=enabled
Release egress/shared {chart: gateway}
Sidecar apps/a {workloadSelector: {labels: {app: a}}, egress: [{hosts: [egress/x.com]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
ServiceEntry egress/x {hosts: [x.com], location: MESH_EXTERNAL, resolution: DNS, exportTo: [".", apps],
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]}
DestinationRule egress/shared {host: shared.egress.svc.cluster.local, exportTo: [".", apps], subsets: [{name: x-com, trafficPolicy: {portLevelSettings: [
  {port: {number: 80}, tls: {mode: ISTIO_MUTUAL, sni: x.com}}, {port: {number: 443}, tls: {mode: ISTIO_MUTUAL, sni: x.com}}]}}]}
VirtualService egress/x {hosts: [x.com], gateways: [mesh, egress/shared], exportTo: [".", apps],
  http: [{match: [{gateways: [mesh], port: 80}], route: [{destination: {host: shared.egress.svc.cluster.local, subset: x-com, port: {number: 80}}}]},
         {match: [{gateways: [egress/shared], port: 80}], route: [{destination: {host: x.com, port: {number: 80}}}]}],
  tls: [{match: [{gateways: [mesh], port: 443, sniHosts: [x.com]}], route: [{destination: {host: shared.egress.svc.cluster.local, subset: x-com, port: {number: 443}}}]}],
  tcp: [{match: [{gateways: [egress/shared], port: 443}], route: [{destination: {host: x.com, port: {number: 443}}}]}]}
Gateway egress/shared {selector: {istio: shared}, servers: [
  {port: {number: 80, name: http, protocol: HTTPS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL}},
  {port: {number: 443, name: tls, protocol: TLS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL}}]}
`;
table("recipe 1b", ONE_B, [
  [
    "http",
    call("http://x.com/", { workload: apps }),
    { verdict: "gateway", gateway: "egress/shared", destination: "x.com:80" },
  ],
  [
    "https",
    call("https://x.com/", { workload: apps }),
    { verdict: "gateway", gateway: "egress/shared", destination: "x.com:443" },
  ],
]);
table("recipe 1b fails open", ONE_B.replace("gateways: [mesh, egress/shared]", "gateways: [egress/shared]"), [
  [
    "http without the mesh's route",
    call("http://x.com/", { workload: apps }),
    { verdict: "direct", how: "service", missing: /ServiceEntry egress\/x/ },
  ],
]);

/** The demo that this project began from: one gateway a host, Sidecar and VirtualService an application, no identity. */
const DEMO = `
Namespace test-app +istio-injection=enabled
Namespace external
Service external/github {selector: {app: github-gw}, ports: [{name: http2, port: 80}, {name: https, port: 443}]}
Deployment external/github {template: {metadata: {labels: {app: github-gw}, annotations: {inject.istio.io/templates: gateway}}, spec: {serviceAccountName: github}}}
Sidecar test-app/default {egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
Sidecar test-app/app-a {workloadSelector: {labels: {k8s-app: app-a}}, egress: [{hosts: ["./*", external/github.com]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
ServiceEntry external/github {hosts: [github.com, www.github.com], location: MESH_EXTERNAL, resolution: DNS, exportTo: ["*"],
  ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]}
DestinationRule external/github {host: github.external.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
VirtualService test-app/app-a {hosts: [github.com, www.github.com], http: [{match: [{port: 80, sourceLabels: {k8s-app: app-a}}], route: [{destination: {host: github.external.svc.cluster.local, port: {number: 80}}}]}],
  tls: [{match: [{port: 443, sniHosts: [github.com], sourceLabels: {k8s-app: app-a}}], route: [{destination: {host: github.external.svc.cluster.local, port: {number: 443}}}]}]}
VirtualService external/github {hosts: [github.com, www.github.com], gateways: [external/github], http: [{match: [{port: 80}], route: [{destination: {host: github.com, port: {number: 80}}}]}],
  tcp: [{match: [{port: 443}], route: [{destination: {host: github.com, port: {number: 443}}}]}]}
Gateway external/github {selector: {app: github-gw}, servers: [
  {port: {number: 80, name: http, protocol: HTTPS}, hosts: ["*"], tls: {mode: ISTIO_MUTUAL}},
  {port: {number: 443, name: tls, protocol: TLS}, hosts: ["*"], tls: {mode: ISTIO_MUTUAL}}]}
`;
const appA = { namespace: "test-app", labels: { "k8s-app": "app-a" } };
const appB = { namespace: "test-app", labels: { "k8s-app": "app-b" } };
table("the demo's original layout", DEMO, [
  [
    "http of app-a",
    call("http://github.com/", { workload: appA }),
    { verdict: "gateway", gateway: "external/github", destination: "github.com:80" },
  ],
  [
    "https of app-a",
    call("https://github.com/", { workload: appA }),
    { verdict: "gateway", gateway: "external/github", destination: "github.com:443" },
  ],
  ["http of app-b", call("http://github.com/", { workload: appB }), { verdict: "blocked", seen: "connection closed" }],
  ["https of app-b", call("https://github.com/", { workload: appB }), { verdict: "blocked", seen: "curl 35" }],
  [
    "www over https: no SNI in the rule",
    call("https://www.github.com/", { workload: appA }),
    { verdict: "blocked", seen: "curl 35" },
  ],
  [
    "a namespace without Sidecar leaves directly",
    call("https://github.com/", { workload: { namespace: "elsewhere", labels: { "k8s-app": "app-b" } } }),
    { verdict: "direct", how: "service" },
  ],
  [
    "pods of any namespace with the label are routed too",
    call("http://github.com/", { workload: { namespace: "elsewhere", labels: { "k8s-app": "app-a" } } }),
    { verdict: "gateway" },
  ],
]);
