import { GW, se } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "no-conflicting-hosts";
const entry = (where: string, exportTo?: string): string =>
  se(where, "x.com", "80", exportTo === undefined ? "resolution: DNS" : `resolution: DNS, exportTo: [${exportTo}]`);
const route = (where: string, more = ""): string =>
  `VirtualService ${where} {hosts: [x.com]${more}, http: [{route: [{destination: {host: x.com}}]}]}\n`;

ruleTable(CODE, "entries of one host", [
  ["one", entry("a/x"), []],
  [
    "two for everybody",
    entry("a/x") + entry("b/x"),
    ["ServiceEntry b/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads"],
  ],
  [
    "three for everybody",
    entry("a/x") + entry("b/x") + entry("c/x"),
    [
      "ServiceEntry b/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads",
      "ServiceEntry c/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads",
    ],
  ],
  ["one for nobody", entry("a/x") + entry("b/x", '"~"'), []],
  ["one host twice in an entry", se("a/x", "x.com, x.com", "80"), []],
  [
    "for one namespace, then for everybody",
    entry("a/x", "app") + entry("b/x"),
    ["ServiceEntry b/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads"],
  ],
  [
    "for everybody, then for one namespace",
    entry("a/x") + entry("b/x", "app"),
    ["ServiceEntry b/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads"],
  ],
  ["for one namespace each", entry("a/x", "app") + entry("b/x", "app2"), []],
  [
    "for several, one of them the same",
    entry("a/x", "app, app2") + entry("b/x", "app3, app2"),
    ["ServiceEntry b/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads"],
  ],
  [
    "three, of which the third meets the first",
    entry("a/x", "app") + entry("b/x", "app2") + entry("c/x", "app"),
    ["ServiceEntry c/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads"],
  ],
  [
    "three of one namespace's, each seen apart",
    entry("a/x", "app") + entry("a/y", "app2") + entry("a/z", "app3"),
    [
      "ServiceEntry a/y spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads",
      "ServiceEntry a/z spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads",
    ],
  ],
  [
    "the later one alone is judged",
    entry("a/x") + entry("b/x"),
    ["ServiceEntry b/x spec.hosts: x.com / ServiceEntry a/x declares x.com too, for some of the same workloads"],
    { judged: ({ namespace }) => namespace === "b" },
  ],
  [
    "the earlier one alone is judged",
    entry("a/x") + entry("b/x"),
    ["ServiceEntry a/x spec.hosts: x.com / ServiceEntry b/x declares x.com too, for some of the same workloads"],
    { judged: ({ namespace }) => namespace === "a" },
  ],
  ["none is judged", entry("a/x") + entry("b/x"), [], { judged: () => false }],
  [
    "exported to whom is not known yet",
    entry("a/x") + entry("b/x", "UNKNOWN"),
    ["? ServiceEntry b/x spec.exportTo[0]: not known yet / ServiceEntry b/x"],
  ],
  [
    "the same, but not judged",
    entry("a/x") + entry("b/x", "UNKNOWN"),
    [],
    { judged: ({ namespace }) => namespace === "a" },
  ],
  [
    "beside a Service of that name",
    `${se("a/x", "web.a.svc.cluster.local", "80")}Service a/web {ports: [{name: http, port: 80}]}\n`,
    [],
  ],
]);

ruleTable(CODE, "routes of one host", [
  ["one route", route("a/x"), []],
  [
    "two routes for everybody",
    route("a/x") + route("b/x"),
    ["VirtualService b/x spec.hosts: x.com / VirtualService a/x declares x.com too, for some of the same workloads"],
  ],
  ["two of one namespace, seen apart", route("a/x", ", exportTo: [app]") + route("a/y", ", exportTo: [app2]"), []],
  [
    "two of one namespace, both for another",
    route("a/x", ", exportTo: [app]") + route("a/y", ", exportTo: [app]"),
    ["VirtualService a/y spec.hosts: x.com / VirtualService a/x declares x.com too, for some of the same workloads"],
  ],
  ["one of them a gateway's", route("a/x") + route("b/x", ", gateways: [egress/gw]"), []],
  [
    "beside one of Gateway API",
    `${GW}${se("egress/x", "x.com", "80")}${route("egress/x")}HTTPRoute egress/y {parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: x}], rules: [{backendRefs: [{name: gw, port: 80}]}]}\n`,
    [],
  ],
]);
