import { dr, GW, gateway, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "service-entry-routed-by-egress-gateway";
const ENTRY = se("egress/x", "x.com", "80", "resolution: DNS, exportTo: [app, egress]");
const WHOLE = GW + ENTRY + dr("egress/gw", "x.com") + vs("egress/x", "x.com");
/** The chain ends behind the gateway's policies: its route leads to nothing. */
const CUT = WHOLE.replaceAll("destination: {host: x.com,", "destination: {host: gone.com,");
const SERVERS = gateway("egress/gw", "x.com");
const names = (list: string): string =>
  SERVERS.replaceAll("tls: {mode: ISTIO_MUTUAL}", `tls: {mode: ISTIO_MUTUAL, subjectAltNames: [${list}]}`);
const policy = (list: string, where = "egress/p"): string =>
  `${SERVERS}AuthorizationPolicy ${where} {rules: [{from: [{source: {principals: [${list}]}}]}]}\n`;
const ten = (last: string): string =>
  [...Array.from({ length: 9 }, (_, i) => `cluster.local/ns/app/sa/n${i}`), last].join(", ");
const DENIED =
  "AuthorizationPolicy egress/d {action: DENY, rules: [{from: [{source: {notPrincipals: [cluster.local/ns/app/sa/a]}}]}]}\n";

ruleTable(CODE, "a whole chain whose gateway names its callers", [
  ["anybody", WHOLE + SERVERS, []],
  ["by the server", WHOLE + names("spiffe://cluster.local/ns/app/sa/a"), []],
  ["by a policy", WHOLE + policy("cluster.local/ns/app/sa/a"), []],
  ["by a policy of the root namespace", WHOLE + policy("cluster.local/ns/app/sa/a", "istio-system/p"), []],
  ["nobody of the caller's namespace", WHOLE + policy("cluster.local/ns/other/sa/a"), []],
  ["by pattern", WHOLE + policy("'*/ns/app/*'"), []],
  [
    "names not known yet",
    WHOLE + policy("UNKNOWN"),
    [
      "? ServiceEntry egress/x spec.hosts: x.com:80 HTTP / AuthorizationPolicy egress/p spec.rules[0].from[0].source.principals[0] is not known",
    ],
  ],
  [
    "a policy that is not known yet beside one that is",
    `${WHOLE}${policy("cluster.local/ns/app/sa/a")}AuthorizationPolicy egress/q {rules: UNKNOWN}\n`,
    ["? ServiceEntry egress/x spec.hosts: x.com:80 HTTP / AuthorizationPolicy egress/q spec.rules is not known"],
  ],
]);

ruleTable(CODE, "a chain that breaks behind a gateway that names its callers", [
  [
    "any caller",
    CUT + SERVERS,
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  [
    "the server names one",
    CUT + names("spiffe://cluster.local/ns/app/sa/a"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  [
    "the second that the server names",
    CUT + names("spiffe://cluster.local/ns/other/sa/a, spiffe://cluster.local/ns/app/sa/b"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  ["the server names nobody of the caller's namespace", CUT + names("spiffe://cluster.local/ns/other/sa/a"), []],
  [
    "a policy names one",
    CUT + policy("cluster.local/ns/app/sa/a"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  [
    "a policy of the root namespace names one",
    CUT + policy("cluster.local/ns/app/sa/a", "istio-system/p"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  [
    "a policy names nobody of the caller's namespace",
    CUT + policy("cluster.local/ns/other/sa/a, cluster.local/ns/app2/sa/a"),
    [],
  ],
  [
    "a policy names two, of which another refuses the first",
    CUT + policy("cluster.local/ns/app/sa/z, cluster.local/ns/app/sa/a") + DENIED,
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  ["the one that counts stands too far down", CUT + policy(ten("cluster.local/ns/app/sa/a")) + DENIED, []],
  [
    "it stands just not too far down",
    CUT + policy(ten("cluster.local/ns/app/sa/a").split(", ").slice(2).join(", ")) + DENIED,
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
]);
