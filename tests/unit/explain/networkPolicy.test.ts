import type { Workload } from "../../../graph/explain/types";
import { A, B, call, table } from "../../cases/ask";
import { ONE_A } from "./layouts.test";

/* Kubernetes docs, "Network Policies": what is isolated, and what then is allowed. Each refused call beside its twin. */

const gateway = { verdict: "gateway", gateway: "egress/shared" } as const;
const blocked = { verdict: "blocked", by: "NetworkPolicy" } as const;
const ROOT: Workload = { ...A, runAsUser: 1337 };
const NO_SIDECAR: Workload = { ...A, injected: false };

const GUARDED = `${ONE_A}
NetworkPolicy app/deny {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}
NetworkPolicy app/a {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [
  {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: egress}}, podSelector: {matchLabels: {istio: shared}}}],
   ports: [{port: 80}, {port: 443}]}]}
NetworkPolicy egress/deny {podSelector: {}, policyTypes: [Ingress, Egress]}
NetworkPolicy egress/shared {podSelector: {matchLabels: {istio: shared}}, policyTypes: [Ingress, Egress], ingress: [
  {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: app}}, podSelector: {matchLabels: {app: a}}}],
   ports: [{port: 80}, {port: 443}]}], egress: [
  {to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 80}, {port: 443}]}]}
`;

table("network policies: a guarded namespace", GUARDED, [
  ["http through the gateway", call("http://x.com/"), gateway],
  ["https through the gateway", call("https://x.com/"), gateway],
  [
    "the proxy's user id, dialling outside",
    call("https://x.com/", { workload: ROOT }),
    { ...blocked, seen: "curl 7", by: "NetworkPolicy app/a spec.egress" },
  ],
  ["a pod without sidecar, dialling an address", call("tcp://203.0.113.9:22", { workload: NO_SIDECAR }), blocked],
  [
    "a pod on the host's network is not held",
    call("https://x.com/", { workload: { ...A, hostNetwork: true } }),
    { verdict: "direct", how: "not-captured" },
  ],
  [
    "an application that may not come to the gateway",
    call("http://x.com/", { workload: B }),
    { ...blocked, by: "NetworkPolicy app/deny spec.egress" },
  ],
]);

const withPolicy = (name: string, spec: string) =>
  `${GUARDED.split("\n")
    .join("\n")
    .replace(new RegExp(`NetworkPolicy ${name} [^]*?\\n(?=\\S|$)`), "")}\nNetworkPolicy ${name} ${spec}\n`;

table("network policies: the application's is gone", withPolicy("app/a", "{podSelector: {matchLabels: {app: x}}}"), [
  [
    "the way to the gateway",
    call("http://x.com/"),
    {
      ...blocked,
      seen: "HTTP 503",
      by: "NetworkPolicy app/deny spec.egress",
      missing: /add it to NetworkPolicy app\/deny/,
    },
  ],
]);

table(
  "network policies: the application's names the Service's port",
  withPolicy(
    "app/a",
    "{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 443}]}]}",
  ),
  [
    ["http", call("http://x.com/"), { ...blocked, by: "NetworkPolicy app/a spec.egress" }],
    ["https", call("https://x.com/"), gateway],
  ],
);

table(
  "network policies: the gateway's",
  withPolicy(
    "egress/shared",
    "{podSelector: {matchLabels: {istio: shared}}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}, podSelector: {matchLabels: {app: a}}}]}], egress: [{}]}",
  ),
  [
    [
      "takes the same labels of another namespace only",
      call("http://x.com/"),
      { ...blocked, by: "NetworkPolicy egress/shared spec.ingress" },
    ],
  ],
);

table(
  "network policies: the gateway's way out",
  withPolicy(
    "egress/shared",
    "{podSelector: {matchLabels: {istio: shared}}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]}",
  ),
  [
    [
      "has no port 80",
      call("http://x.com/"),
      { ...blocked, by: "NetworkPolicy egress/shared spec.egress", missing: /x\.com:80/ },
    ],
    ["has port 443", call("https://x.com/"), gateway],
  ],
);

table(
  "network policies: only private ranges are open",
  withPolicy(
    "egress/shared",
    "{podSelector: {matchLabels: {istio: shared}}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}",
  ),
  [["a host of the internet", call("https://x.com/"), { ...blocked, by: "NetworkPolicy egress/shared spec.egress" }]],
);

/** One namespace, its pods without sidecars: the policies alone decide. */
const only = (spec: string) => `Namespace app\nNetworkPolicy app/only ${spec}`;
const out = (address: string, port = 443, workload: Workload = NO_SIDECAR) =>
  call(`tcp://${address}:${port}`, { workload });
const direct = { verdict: "direct" } as const;

table(
  "network policies: ranges",
  only(
    "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.64/26]}}, {ipBlock: {cidr: '2001:db8::/32'}}]}]}",
  ),
  [
    ["inside", out("203.0.113.9"), direct],
    ["excepted", out("203.0.113.65"), blocked],
    ["beside", out("203.0.114.1"), blocked],
    ["the other family inside", call("tcp://v6.example:443", { workload: NO_SIDECAR, address: "2001:db8::1" }), direct],
    [
      "the other family beside",
      call("tcp://v6.example:443", { workload: NO_SIDECAR, address: "2001:db9::1" }),
      blocked,
    ],
    ["a name may be any address of it", out("name.example"), direct],
  ],
);

table(
  "network policies: ports",
  only(
    "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 8000, endPort: 8010}, {port: 53, protocol: UDP}, {port: web}]}]}",
  ),
  [
    ["first of a range", out("203.0.113.9", 8000), direct],
    ["last of a range", out("203.0.113.9", 8010), direct],
    ["beyond a range", out("203.0.113.9", 8011), blocked],
    ["another protocol's", out("203.0.113.9", 53), blocked],
    ["a name is no port outside", out("203.0.113.9", 80), blocked],
  ],
);

table("network policies: types", only("{podSelector: {}, ingress: [{}]}"), [
  ["no word of egress", out("203.0.113.9"), direct],
]);
table("network policies: types by rules", only("{podSelector: {}, egress: []}"), [
  ["an empty list of egress", out("203.0.113.9"), blocked],
]);
table(
  "network policies: selection",
  only("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a]}]}, policyTypes: [Egress]}"),
  [
    ["selected", out("203.0.113.9"), blocked],
    ["not selected", out("203.0.113.9", 443, { ...B, injected: false }), direct],
    ["another namespace", out("203.0.113.9", 443, { ...NO_SIDECAR, namespace: "other" }), direct],
  ],
);
table(
  "network policies: a value not known yet",
  only("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: UNKNOWN}}]}]}"),
  [["is no guess", out("203.0.113.9"), { verdict: "unknown", how: "input" }]],
);
