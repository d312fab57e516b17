import assert from "node:assert/strict";
import { meshOf } from "../../cases/ask";

/** What the API server says of one object: part of the reason, or nothing where it takes it (`tests/oracle/admission.ts` asks the real one). */
function refusals(kind: string, rows: [spec: string, reason?: string][]): void {
  describe(`${kind}, as the API server takes it`, () => {
    for (const [spec, reason] of rows)
      it(`${spec}: ${reason ?? "taken"}`, () => {
        const found = [...meshOf(`${kind} ns/o {${spec}}\n`).invalid.values()];
        assert.equal(found.length, reason === undefined ? 0 : 1, found.join());
        if (reason !== undefined) assert.ok(found[0]?.includes(reason), `${found[0]} does not hold ${reason}`);
      });
  });
}

const H80 = "ports: [{number: 80, name: h, protocol: HTTP}]";
refusals("ServiceEntry", [
  [`hosts: [x.com], resolution: DNS, ${H80}`],
  [`hosts: [], ${H80}`, "spec.hosts is empty"],
  [`hosts: ["*"], ${H80}`, '"*" is refused'],
  [`hosts: [x.com], resolution: STATIC, workloadSelector: {labels: {a: b}}, ${H80}`],
  [
    `hosts: [x.com], resolution: STATIC, workloadSelector: {labels: {a: b}}, endpoints: [{address: 1.1.1.1}], ${H80}`,
    "exclude each other",
  ],
  [`hosts: [x.com], endpoints: [{address: 1.1.1.1}], ${H80}`, "refused with resolution NONE"],
  [`hosts: [x.com], resolution: NONE, endpoints: [{address: 1.1.1.1}], ${H80}`, "refused with resolution NONE"],
  [
    "hosts: [x.com], ports: [{number: 80, name: a, protocol: HTTP}, {number: 80, name: b, protocol: HTTP}]",
    "number 80 is used twice",
  ],
  [
    "hosts: [x.com], ports: [{number: 80, name: a, protocol: HTTP}, {number: 81, name: a, protocol: HTTP}]",
    "name a is used twice",
  ],
  ["hosts: [x.com], ports: [{number: 80, name: a, protocol: SPDY}]", "protocol spdy is not known"],
  ["hosts: [x.com, y.com], resolution: DNS, ports: [{number: 80, name: a, protocol: TCP}]", "TCP needs a single host"],
  ["hosts: [x.com], resolution: DNS, ports: [{number: 80, name: a, protocol: TCP}]"],
  ["hosts: [x.com, y.com], resolution: NONE, ports: [{number: 80, name: a, protocol: TCP}]"],
  [`hosts: ["*.x.com"], resolution: DNS, ${H80}`, "*.x.com needs spec.endpoints"],
  [`hosts: ["*.x.com"], resolution: DNS_ROUND_ROBIN, ${H80}`, "*.x.com needs spec.endpoints"],
  [`hosts: ["*.x.com"], resolution: DNS, endpoints: [{address: y.com}], ${H80}`],
  [`hosts: [x.com], resolution: DNS_ROUND_ROBIN, endpoints: [{address: y.com}, {address: z.com}], ${H80}`, "takes one"],
  [
    `hosts: [x.com], resolution: STATIC, endpoints: [{address: 1.1.1.1}, {address: y.com}], ${H80}`,
    "spec.endpoints[1].address must be an IP",
  ],
  [`hosts: [x.com], resolution: STATIC, endpoints: [{address: "unix:///a"}], ${H80}`],
  [`hosts: ["*.x.com"], resolution: DYNAMIC_DNS, ${H80}`],
  [`hosts: ["*.x.com", x.com], resolution: DYNAMIC_DNS, ${H80}`, "x.com must be a wildcard"],
  [
    `hosts: ["*.x.com"], resolution: DYNAMIC_DNS, endpoints: [{address: 1.1.1.1}], ${H80}`,
    "refused with resolution DYNAMIC_DNS",
  ],
  [`hosts: ["*.x.com"], resolution: DYNAMIC_DNS, addresses: [1.1.1.1], ${H80}`, "spec.addresses is refused"],
  [
    'hosts: ["*.x.com"], resolution: DYNAMIC_DNS, ports: [{number: 1, name: t, protocol: TCP}]',
    "protocol TCP is refused",
  ],
  [`hosts: [x.com], resolution: DNS, addresses: [10.0.0.0/8], ${H80}`, "the range 10.0.0.0/8 needs"],
  [`hosts: [x.com], resolution: STATIC, addresses: [10.0.0.0/8], endpoints: [{address: 1.1.1.1}], ${H80}`],
  [`hosts: [x.com], exportTo: ["~"], ${H80}`],
  [`hosts: [x.com], exportTo: ["~", a], ${H80}`, "must stand alone"],
  [`hosts: [x.com], exportTo: ["*", a], ${H80}`, "must stand alone"],
  [`hosts: [x.com], exportTo: [a, a], ${H80}`, "names a namespace twice"],
  [`hosts: [x.com], exportTo: [".", ns], ${H80}`, "are the same"],
  [`hosts: [x.com], exportTo: [".", other], ${H80}`],
]);

const DR = "host: x.com, trafficPolicy: {tls: {mode: SIMPLE}}";
refusals("DestinationRule", [
  [DR],
  ["trafficPolicy: {tls: {mode: SIMPLE}}", "spec.host is empty"],
  [`${DR}, exportTo: ["~"]`, "only for ServiceEntries"],
  [`${DR}, workloadSelector: {matchLabels: {a: b}}`],
  [`${DR}, workloadSelector: {matchLabels: {a: b}}, exportTo: ["."]`],
  [`${DR}, workloadSelector: {matchLabels: {a: b}}, exportTo: [ns]`],
  [`${DR}, workloadSelector: {matchLabels: {a: b}}, exportTo: [other]`, "with workloadSelector only"],
  [`${DR}, exportTo: [other]`],
]);

const TO = "route: [{destination: {host: x.com}}]";
refusals("VirtualService", [
  [`hosts: [x.com], http: [{${TO}}]`],
  ["hosts: [x.com]", "neither http, tls nor tcp"],
  [`http: [{${TO}}]`],
  [`tcp: [{${TO}}]`, "spec.hosts is empty"],
  [`hosts: ["*"], http: [{${TO}}]`, "refused on the gateway mesh"],
  [`hosts: ["*"], gateways: [a/b, mesh], http: [{${TO}}]`, "refused on the gateway mesh"],
  [`hosts: ["*"], gateways: [a/b], http: [{${TO}}]`],
  [`hosts: [x.com, "*.com"], http: [{${TO}}]`, "x.com overlaps"],
  [`hosts: [x.com, y.com], http: [{${TO}}]`],
  ["hosts: [x.com], http: [{}]", "spec.http[0] has neither"],
  [`hosts: [x.com], http: [{${TO}, redirect: {uri: /}}]`, "has route and redirect"],
  ["hosts: [x.com], http: [{delegate: {name: d}}]"],
  ["hosts: [x.com], http: [{directResponse: {status: 200}}]"],
  ["hosts: [x.com], http: [{route: [{destination: {host: a}}, {destination: {host: b}}]}]", "the weights sum to 0"],
  ["hosts: [x.com], http: [{route: [{destination: {host: a}, weight: 1}, {destination: {host: b}}]}]"],
  [`hosts: [x.com], tls: [{${TO}}]`, "spec.tls[0] has no match"],
  [`hosts: [x.com], tls: [{match: [{port: 443}], ${TO}}]`, "sniHosts is empty"],
  [`hosts: [x.com], tls: [{match: [{sniHosts: [x.com, y.com]}], ${TO}}]`, "y.com is under no host"],
  [`hosts: ["*.com"], tls: [{match: [{sniHosts: [x.com]}], ${TO}}]`],
  [`hosts: [x.com], exportTo: ["~"], http: [{${TO}}]`, "only for ServiceEntries"],
]);

refusals("Sidecar", [
  ["", "spec is empty"],
  ["ingress: [{port: {number: 1, name: a, protocol: TCP}}]"],
  ["workloadSelector: {labels: {a: b}}"],
  ["inboundConnectionPool: {}"],
  ["outboundTrafficPolicy: {}"],
  ['egress: [{hosts: ["./*"]}]'],
  ["egress: [{port: {number: 80}}]", "spec.egress[0].hosts is empty"],
  ['egress: [{hosts: ["./*"]}, {hosts: ["./*"], port: {number: 80}}]', "has no port, but is not the last"],
  ['egress: [{hosts: ["./*"], port: {number: 80}}, {hosts: ["./*"]}]'],
  ['egress: [{hosts: ["./*"], bind: 127.0.0.1}, {hosts: ["./*"], port: {number: 80}}]'],
  ['egress: [{hosts: ["./*"], port: {number: 80}}, {hosts: ["./*"], port: {number: 80}}]', "80 is used twice"],
  ["outboundTrafficPolicy: {mode: ALLOW_ANY_DYNAMIC_DNS}", "only for the mesh"],
  ["outboundTrafficPolicy: {mode: REGISTRY_ONLY, egressProxy: {host: a}}", "needs mode ALLOW_ANY"],
  ["outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a}}"],
]);

const server = (port: string, rest: string): string =>
  `servers: [{port: {number: 443, name: a, ${port}}, hosts: [x.com]${rest}}]`;
refusals("Gateway", [
  [server("protocol: HTTP", "")],
  ["selector: {a: b}", "spec.servers is empty"],
  ["servers: [{port: {number: 80, name: a, protocol: HTTP}}]", "spec.servers[0].hosts is empty"],
  ["servers: [{port: {number: 80, protocol: HTTP}, hosts: [x.com]}]", "port.name is empty"],
  [
    "servers: [{port: {number: 80, name: a, protocol: HTTP}, hosts: [x.com]}, {port: {number: 81, name: a, protocol: HTTP}, hosts: [x.com]}]",
    "name a is used twice",
  ],
  [server("protocol: HTTPS", ""), "tls is missing on a HTTPS port"],
  [server("protocol: TLS", ""), "tls is missing on a TLS port"],
  [server("protocol: tls", ", tls: {mode: PASSTHROUGH}")],
  [server("protocol: HTTP", ", tls: {mode: SIMPLE, credentialName: c}"), "tls is refused on a HTTP port"],
  [server("protocol: TCP", ", tls: {httpsRedirect: true}"), "tls is refused on a TCP port"],
  [server("protocol: HTTP", ", tls: {httpsRedirect: true}")],
  [server("protocol: HTTP", ", tls: {mode: AUTO_PASSTHROUGH}")],
  [server("protocol: HTTP", ", tls: {httpsRedirect: true, privateKey: k}"), "tls is refused on a HTTP port"],
  [server("protocol: HTTPS", ", tls: {mode: ISTIO_MUTUAL}")],
  [server("protocol: HTTPS", ", tls: {mode: ISTIO_MUTUAL, credentialName: c}"), "tls.credentialName is refused"],
  [server("protocol: HTTPS", ", tls: {mode: SIMPLE}"), "tls.credentialName is missing with mode SIMPLE"],
  [server("protocol: HTTPS", ", tls: {mode: MUTUAL}"), "tls.credentialName is missing with mode MUTUAL"],
  [server("protocol: HTTPS", ", tls: {mode: SIMPLE, credentialNames: [c]}")],
  [server("protocol: HTTPS", ", tls: {mode: SIMPLE, tlsCertificates: [{privateKey: k}]}")],
  [server("protocol: HTTPS", ", tls: {mode: MUTUAL, serverCertificate: c}")],
]);
