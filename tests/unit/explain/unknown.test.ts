import assert from "node:assert/strict";
import { explain } from "../../../graph/explain/explain";
import { A, call, meshOf, table } from "../../cases/ask";
import { dr, GOOD, GW, gateway, RO, se, vs } from "../../cases/gateway";

const http = call("http://x.com/");
const https = call("https://x.com/");
const through = { verdict: "gateway", gateway: "egress/gw" } as const;
const input = { verdict: "unknown", how: "input" } as const;
const invalid = { verdict: "unknown", how: "invalid" } as const;

const CASES: [field: string, good: string, missing: RegExp][] = [
  [
    "a ServiceEntry's port",
    GOOD.replace("number: 443, name: p443", "number: UNKNOWN, name: p443"),
    /ServiceEntry egress\/x spec\.ports\[1\]\.number/,
  ],
  [
    "a ServiceEntry's resolution",
    GOOD.replace("resolution: DNS", "resolution: UNKNOWN"),
    /ServiceEntry egress\/x spec\.resolution/,
  ],
  [
    "exportTo",
    GOOD.replace("resolution: DNS", "resolution: DNS, exportTo: [UNKNOWN]"),
    /ServiceEntry egress\/x spec\.exportTo\[0\]/,
  ],
  [
    "a VirtualService's hosts",
    GOOD.replace("VirtualService egress/x {hosts: [x.com]", "VirtualService egress/x {hosts: [UNKNOWN]"),
    /VirtualService egress\/x spec\.hosts\[0\]/,
  ],
  [
    "a destination",
    GOOD.replace(
      "destination: {host: gw.egress.svc.cluster.local, port: {number: 80}}",
      "destination: {host: UNKNOWN, port: {number: 80}}",
    ),
    /VirtualService egress\/x spec\.http\[0\]\.route\[0\]\.destination\.host/,
  ],
  [
    "TLS settings",
    GOOD.replace("mode: ISTIO_MUTUAL, sni: x.com", "mode: UNKNOWN"),
    /DestinationRule egress\/gw spec\.trafficPolicy\.tls\.mode/,
  ],
  [
    "a DestinationRule's host",
    GOOD.replace(
      "DestinationRule egress/gw {host: gw.egress.svc.cluster.local",
      "DestinationRule egress/gw {host: UNKNOWN",
    ),
    /DestinationRule egress\/gw spec\.host/,
  ],
  [
    "a Gateway's selector",
    GOOD.replace("Gateway egress/gw {selector: {istio: egress}", "Gateway egress/gw {selector: {istio: UNKNOWN}"),
    /Gateway egress\/gw spec\.selector\.istio/,
  ],
  [
    "a Gateway's hosts",
    GOOD.replaceAll("hosts: [x.com], tls: {mode: ISTIO_MUTUAL}", "hosts: [UNKNOWN], tls: {mode: ISTIO_MUTUAL}"),
    /Gateway egress\/gw spec\.servers\[0\]\.hosts\[0\]/,
  ],
  [
    "a policy's principals",
    `${GOOD}AuthorizationPolicy egress/p {rules: [{from: [{source: {principals: [UNKNOWN]}}]}]}\n`,
    /AuthorizationPolicy egress\/p spec\.rules\[0\]\.from\[0\]\.source\.principals\[0\]/,
  ],
  [
    "a Sidecar's hosts",
    `${GOOD}Sidecar app/s {egress: [{hosts: [UNKNOWN]}]}\n`,
    /Sidecar app\/s spec\.egress\[0\]\.hosts\[0\]/,
  ],
  [
    "the outbound policy",
    `${GOOD.replace("x.com]", "z.com]")}Sidecar app/s {outboundTrafficPolicy: {mode: UNKNOWN}}\n`,
    /Sidecar app\/s spec\.outboundTrafficPolicy\.mode/,
  ],
  [
    "a Service's port",
    GOOD.replace("port: 80, targetPort: 8080", "port: 80, targetPort: UNKNOWN"),
    /Service egress\/gw spec\.ports\[0\]\.targetPort/,
  ],
];
for (const [name, text, missing] of CASES)
  table(`not known: ${name}`, text, [["http", http, { ...input, missing }]], RO);

table(
  "not known, where nothing depends on it",
  `${GOOD}${se("egress/y", "y.com").replace("resolution: DNS", "resolution: UNKNOWN")}
DestinationRule other/y {host: UNKNOWN}
AuthorizationPolicy egress/p {rules: [{from: [{source: {principals: [UNKNOWN]}}]}, {}]}`,
  [
    ["http", http, through],
    ["https", https, through],
  ],
  RO,
);
table(
  "a host not known yet may be the one that is missing",
  `Namespace app +istio-injection=enabled\n${se("app/y", "UNKNOWN", "80")}`,
  [["http", http, { ...input, missing: /ServiceEntry app\/y spec\.hosts\[0\]/ }]],
  RO,
);
table(
  "a gateway's pods are not in the input",
  GOOD.replace(
    /Deployment egress\/gw [\s\S]*?\nService/,
    "Deployment app/a {template: {metadata: {labels: {app: a}}}}\nService",
  ),
  [["http", http, { ...input, missing: /Service egress\/gw spec\.selector/ }]],
  RO,
);
table(
  "no pods at all are in the input: the Service's selector stands for them",
  GOOD.replace(/Deployment egress\/gw [\s\S]*?\nService/, "Service"),
  [["http", http, through]],
  RO,
);

table(
  "refused by admission: ServiceEntry",
  GW + se("egress/x", "x.com", "443", "resolution: NONE, endpoints: [{address: 1.1.1.1}]"),
  [
    ["https", https, { ...invalid, missing: /ServiceEntry egress\/x would be refused: spec\.endpoints/ }],
    ["another host", call("https://y.com/"), { verdict: "blocked" }],
  ],
  RO,
);
table(
  "refused by admission: Gateway",
  GOOD.replace("{number: 443, name: tls,", "{number: 443, name: http,"),
  [["https", https, { ...invalid, missing: /name http is used twice/ }]],
  RO,
);
table(
  "refused by admission: Sidecar",
  `${GOOD}Sidecar app/s {}\n`,
  [["https", https, { ...invalid, missing: /Sidecar app\/s would be refused: spec is empty/ }]],
  RO,
);
table(
  "refused by admission: VirtualService",
  GOOD.replace("sniHosts: [x.com]", "sniHosts: [y.com]"),
  [["https", https, { ...invalid, missing: /y\.com is under no host/ }]],
  RO,
);
table(
  "refused by admission: DestinationRule",
  GOOD.replace("DestinationRule egress/gw {", 'DestinationRule egress/gw {exportTo: ["*", app], '),
  [["https", https, { ...invalid, missing: /DestinationRule egress\/gw/ }]],
  RO,
);

describe("the worst of several outcomes", () => {
  it("is the same whatever the order of the objects", () => {
    const parts = [
      gateway("egress/gw", "x.com"),
      se("egress/x", "x.com"),
      dr("egress/gw", "x.com"),
      vs("egress/x", "x.com"),
      "VirtualService app/z {hosts: [x.com], http: [{route: [{destination: {host: x.com, port: {number: 80}}}]}]}\n",
    ];
    const asked = (list: string[]): string => explain(meshOf(GW + list.join(""), RO), { ...http, workload: A }).verdict;
    assert.equal(asked(parts), "direct");
    assert.equal(asked([...parts].reverse()), "direct");
  });
});
