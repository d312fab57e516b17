import { call, table } from "../../cases/ask";
import { RO, se } from "../../cases/gateway";

const NS = "Namespace app +istio-injection=enabled\n";
const direct = { verdict: "direct", how: "service" } as const;
const http502 = { verdict: "blocked", seen: "HTTP 502" } as const;
const closed = { verdict: "blocked", seen: "connection closed" } as const;
const sidecar = (name: string, hosts: string, more = ""): string =>
  `Sidecar ${name} {egress: [{hosts: [${hosts}]}]${more}}\n`;

// Numbers are those of the list of cases from which this table was made.
table(
  "1 two selector-less Sidecars: the older is used",
  `${NS}
Sidecar app/old @1 {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
Sidecar app/young @2 {outboundTrafficPolicy: {mode: ALLOW_ANY}}
${se("app/y", "y.com")}`,
  [["unknown host on 80", call("http://x.com/"), { ...http502, by: "Sidecar app/old" }]],
);

table(
  "1 the same without ages: the worst is said",
  `${NS}
Sidecar app/old {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
Sidecar app/young {outboundTrafficPolicy: {mode: ALLOW_ANY}}
${se("app/y", "y.com")}`,
  [["unknown host on 80", call("http://x.com/"), { verdict: "direct", how: "passthrough", outcomes: 2 }]],
);

const PER_APP = `${NS}
Sidecar app/all @1 {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
Sidecar app/a @2 {workloadSelector: {labels: {app: a}}, egress: [{hosts: ["./*"]}]}
`;
table("2 a Sidecar of its own inherits no policy", PER_APP, [
  ["unknown host", call("https://x.com/"), { verdict: "direct", how: "passthrough" }],
]);
table("3 the same with the mesh REGISTRY_ONLY", PER_APP, [["unknown host", call("https://x.com/"), closed]], RO);
table("4 outboundTrafficPolicy without mode", `${NS}Sidecar app/s {outboundTrafficPolicy: {}}`, [
  ["unknown host", call("https://x.com/"), closed],
]);
table(
  "5 the root namespace's Sidecar",
  `${NS}
Sidecar app/b {workloadSelector: {labels: {app: b}}, egress: [{hosts: ["~/*"]}]}
Sidecar istio-system/root {egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
${se("app/x", "x.com")}${se("other/y", "y.com")}`,
  [
    ["a host of the pod's namespace", call("https://x.com/"), { ...direct, by: "Sidecar istio-system/root" }],
    ["a host of another", call("https://y.com/"), closed],
  ],
);
table(
  "6 a selector without labels ranks first",
  `${NS}
Sidecar app/plain @1 {outboundTrafficPolicy: {mode: ALLOW_ANY}}
Sidecar app/empty @2 {workloadSelector: {}, outboundTrafficPolicy: {mode: REGISTRY_ONLY}}`,
  [["unknown host", call("https://x.com/"), { ...closed, by: "Sidecar app/empty" }]],
);

for (const [hosts, expected] of [
  ['"~/*", "./*"', closed],
  ['"./*"', direct],
] as const) {
  table(
    `7 exclusion of everything: ${hosts}`,
    `${NS}${sidecar("app/s", hosts)}${se("app/x", "x.com")}`,
    [["https", call("https://x.com/"), expected]],
    RO,
  );
}
for (const [hosts, expected] of [
  ['"*/*", "~egress/*"', closed],
  ['"*/*"', direct],
] as const) {
  table(
    `8 exclusion of a namespace: ${hosts}`,
    `${NS}${sidecar("app/s", hosts)}${se("egress/x", "x.com")}`,
    [["https", call("https://x.com/"), expected]],
    RO,
  );
}

const SPLIT = `ServiceEntry egress/x-http @1 {hosts: [x.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
ServiceEntry egress/x-https @2 {hosts: [x.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
`;
table(
  "9 exact hosts see one ServiceEntry of a host",
  `${NS}${sidecar("app/s", "egress/x.com")}${SPLIT}`,
  [
    ["http", call("http://x.com/"), direct],
    ["https", call("https://x.com/"), closed],
  ],
  RO,
);
table(
  "9 with a wildcard beside, all of them",
  `${NS}${sidecar("app/s", 'egress/x.com, "./*"')}${SPLIT}`,
  [["https", call("https://x.com/"), direct]],
  RO,
);
table(
  "10 one ServiceEntry with both ports",
  `${NS}${sidecar("app/s", "egress/x.com")}${se("egress/x", "x.com")}`,
  [
    ["http", call("http://x.com/"), direct],
    ["https", call("https://x.com/"), direct],
  ],
  RO,
);
const WILD = se("egress/w", '"*.x.com"', "443", "resolution: NONE");
table(
  "11 wildcard entries import wildcards",
  `${NS}${sidecar("app/s", '"egress/*.x.com"')}${WILD}`,
  [["https", call("https://a.x.com/"), direct]],
  RO,
);
table(
  "11 exact entries do not",
  `${NS}${sidecar("app/s", "egress/a.x.com")}${WILD}`,
  [["https", call("https://a.x.com/"), closed]],
  RO,
);

const TWO = (older: string, younger: string): string =>
  se(`${older} @1`, "x.com", "443", "resolution: STATIC, endpoints: [{address: 1.1.1.1}]") +
  se(`${younger} @2`, "x.com", "443", "resolution: STATIC, endpoints: [{address: 2.2.2.2}]");
table("12 the own namespace wins", `${NS}${TWO("other/x", "app/x")}`, [
  ["https", call("https://x.com/"), { ...direct, by: "ServiceEntry app/x" }],
]);
table("12 else the oldest", `${NS}${TWO("other/x", "third/x")}`, [
  ["https", call("https://x.com/"), { ...direct, by: "ServiceEntry other/x" }],
]);
table(
  "13 exported by name beats older and public",
  `${NS}
${se("a/x @1", "x.com", "443", "resolution: STATIC, endpoints: [{address: 1.1.1.1}]")}
${se("b/x @2", "x.com", "443", "resolution: STATIC, exportTo: [app], endpoints: [{address: 2.2.2.2}]")}`,
  [["https", call("https://x.com/"), { ...direct, by: "ServiceEntry b/x" }]],
);
table(
  "14 namespaces do not merge",
  `${NS}${se("a/x @1", "x.com", "80")}${se("b/x @2", "x.com", "443")}`,
  [
    ["https", call("https://x.com/"), closed],
    ["http", call("http://x.com/"), direct],
  ],
  RO,
);
table(
  "15 ports merge where all is equal",
  `${NS}${sidecar("app/s", '"egress/*"')}${SPLIT}`,
  [
    ["http", call("http://x.com/"), direct],
    ["https", call("https://x.com/"), direct],
  ],
  RO,
);
table(
  "15 not with different resolutions",
  `${NS}${sidecar("app/s", '"egress/*"')}${SPLIT.replace(/DNS}\n$/, "STATIC, endpoints: [{address: 1.1.1.1}]}\n")}`,
  [
    ["http", call("http://x.com/"), direct],
    [
      "https",
      call("https://x.com/"),
      { verdict: "blocked", by: "ServiceEntry egress/x-https", missing: /no port 443/ },
    ],
  ],
  RO,
);
const PORTED = (protocol: string): string =>
  `${NS}Sidecar app/s {egress: [{port: {number: 443, protocol: ${protocol}, name: p}, hosts: [egress/x.com]}]}\n${se("egress/x", "x.com")}`;
table(
  "16 an egress listener with port alone",
  PORTED("TLS"),
  [
    ["its port", call("https://x.com/"), direct],
    ["another port", call("http://x.com:80/"), closed],
  ],
  RO,
);
table("16 the same under ALLOW_ANY", PORTED("TLS"), [
  ["another port", call("http://x.com:80/"), { verdict: "direct", how: "passthrough" }],
]);
table(
  "17 HTTP declared over a TLS port",
  PORTED("HTTP"),
  [["plaintext to 443", call("http://x.com:443/"), http502]],
  RO,
);
table(
  "18 discoverySelectors",
  `${NS}Namespace egress +team=x\n${se("egress/x", "x.com")}${se("app/y", "y.com")}`,
  [
    ["hidden namespace", call("https://x.com/"), closed],
    ["seen namespace", call("https://y.com/"), direct],
  ],
  { meshConfig: { ...RO.meshConfig, discoverySelectors: [{ matchLabels: { "istio-injection": "enabled" } }] } },
);

const EXPORTED = (list: string): string =>
  `${NS}${sidecar("app/s", "egress/x.com")}${se("egress/x", "x.com", "443", `resolution: DNS, exportTo: [${list}]`)}`;
table("19 exportTo of another namespace alone", EXPORTED('"."'), [["https", call("https://x.com/"), closed]], RO);
table("20 exportTo names the client's", EXPORTED('".", app'), [["https", call("https://x.com/"), direct]], RO);
for (const [apply, expected] of [
  [true, closed],
  [false, direct],
] as const) {
  table(
    `21 serviceEntryVisibility, applyToSidecars ${apply}`,
    EXPORTED("app"),
    [["https", call("https://x.com/"), expected]],
    {
      meshConfig: {
        ...RO.meshConfig,
        serviceEntryVisibility: { defaultVisibility: "NAMESPACE", applyToSidecars: apply },
      },
    },
  );
}
