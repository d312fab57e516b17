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
