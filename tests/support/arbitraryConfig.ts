import fc from "fast-check";
import { type Application, type Destination, type EgressConfig, type Port, PortProtocol } from "../../graph";
import { portsOf } from "../../graph/intent/defaults";
import { seesRequests } from "../../graph/intent/protocols";

/*
 * Random valid configurations: small, but with all that can vary: shared gateways, every protocol on odd and on shared
 * port numbers, addresses and ranges of both families, DNS capture, TLS origination, several namespaces, destinations
 * that nobody may use, applications with selectors and accounts of their own.
 */

const { HTTP, HTTP2, GRPC, TLS, TCP } = PortProtocol;

const PORT_SETS: readonly Port[][] = [
  [{ number: 80 }, { number: 443 }],
  [{ number: 443 }],
  [{ number: 80 }],
  [{ number: 8443, protocol: TLS }, { number: 443 }],
  [{ number: 8080, protocol: HTTP }, { number: 80 }],
  [{ number: 80, protocol: HTTP2 }, { number: 443 }],
  [
    { number: 443, protocol: GRPC },
    { number: 8080, protocol: TLS },
  ],
  [{ number: 80, originateTls: {} }],
  [{ number: 80, originateTls: { secret: "ca", port: 8443, http2: true } }, { number: 443 }],
  [
    { number: 8080, protocol: GRPC, originateTls: { secret: "client", mutual: true, sni: "sni.example" } },
    { number: 443, protocol: HTTP2, originateTls: { subjectAltNames: ["a.example", "b.example"] } },
  ],
];

const TCP_PORT_SETS: readonly Port[][] = [
  [{ number: 5432, protocol: TCP }],
  [{ number: 443, protocol: TCP }],
  [{ number: 5432, protocol: TCP }, { number: 443 }, { number: 80 }],
  [
    { number: 80, protocol: TCP },
    { number: 8080, protocol: GRPC, originateTls: { secret: "ca" } },
  ],
];

/** How the application knows where to dial. */
type Reached = "names" | "addresses" | "dns" | "cidrs" | "both";

interface Draft {
  hosts: number;
  reached: Reached;
  ports: number | undefined;
  /** Address family of what is dialled. */
  ipv6: boolean;
  /** One more host, with a wildcard. */
  wildcard: boolean;
  checkInnerSni: boolean;
  /** The gateway of an earlier destination, counted from the start, or its own. */
  shares: number | undefined;
}

const draftDestination: fc.Arbitrary<Draft> = fc.record({
  hosts: fc.integer({ min: 1, max: 3 }),
  reached: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Reached>("names") },
    { weight: 1, arbitrary: fc.constantFrom<Reached>("addresses", "dns", "cidrs", "both") },
  ),
  ports: fc.option(fc.nat({ max: 59 }), { nil: undefined }),
  ipv6: fc.boolean(),
  wildcard: fc.boolean(),
  checkInnerSni: fc.boolean(),
  shares: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
});

const draftApplication = fc.record({
  namespace: fc.constantFrom("shop", "bank", "test-app"),
  ownSelector: fc.boolean(),
  ownAccount: fc.boolean(),
  createServiceAccount: fc.boolean(),
  allow: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }),
});

export const arbitraryConfig: fc.Arbitrary<EgressConfig> = fc
  .record({
    destinations: fc.array(draftDestination, { minLength: 1, maxLength: 6 }),
    applications: fc.array(draftApplication, { minLength: 1, maxLength: 6 }),
    gatewayNamespace: fc.constantFrom(undefined, "egress"),
    meshHosts: fc.option(fc.constant<string[]>(["infra/metrics.infra.svc.cluster.local"]), { nil: undefined }),
  })
  .map(({ destinations, applications, gatewayNamespace, meshHosts }) => ({
    ...(gatewayNamespace !== undefined && { gatewayNamespace }),
    ...(meshHosts !== undefined && { meshHosts }),
    ...(destinations.some(({ reached }) => reached === "dns") && { istio: { dnsCapture: true } }),
    destinations: withoutClashes(destinations.map((draft, index) => [`d${index}`, destination(draft, index)])),
    applications: applications.map((draft, index) => application(draft, index, destinations.length)),
  }));

function destination(draft: Draft, index: number): Destination {
  const { shares, reached } = draft;
  const hosts = Array.from({ length: draft.hosts }, (_, n) =>
    n === 0 ? `d${index}.example` : `h${n}.d${index}.example`,
  );
  const ports = portsFor(draft);
  const wildcard = draft.wildcard && canBeWild(ports);
  const tls = portsOf({ ports }).some(({ protocol }) => protocol === TLS);
  return {
    ...(wildcard && tls && { wildcardTls: true }),
    ...(draft.checkInnerSni && tls && { checkInnerSni: true }),
    ...(reached !== "cidrs" && { hosts: [...hosts, ...(wildcard ? [`*.w${index}.example`] : [])] }),
    ...((reached === "cidrs" || reached === "both") && { cidrs: [rangeOf(draft, index)] }),
    ...((reached === "addresses" || reached === "both") && {
      addresses: Object.fromEntries(hosts.map((host, n) => [host, addressesOf(draft, index, n)])),
    }),
    ...(ports !== undefined && { ports }),
    ...(shares !== undefined && { gateway: `g${shares % (index + 1)}` }),
  };
}

/** A wildcard has no TCP port, and TLS for its names only from 80 to 443, by their own names. */
function canBeWild(ports: Port[] | undefined): boolean {
  return portsOf({ ports }).every(
    ({ number, protocol, originateTls: tls }) =>
      protocol !== TCP &&
      (tls === undefined ||
        (number === 80 && (tls.port ?? 443) === 443 && tls.sni === undefined && tls.subjectAltNames === undefined)),
  );
}

/** A gateway's port serves either requests or connections: a destination that would need both has its own gateway. */
function withoutClashes(destinations: [string, Destination][]): Record<string, Destination> {
  const kinds = new Map<string, boolean>();
  return Object.fromEntries(
    destinations.map(([name, destination]) => {
      const { gateway, ...own } = destination;
      const ports = portsOf(destination).map(({ number, protocol = TLS }) => ({
        key: `${gateway}:${number}`,
        requests: seesRequests(protocol),
      }));
      const clash = ports.some(({ key, requests }) => (kinds.get(key) ?? requests) !== requests);
      if (gateway === undefined || clash) return [name, own];
      for (const { key, requests } of ports) kinds.set(key, requests);
      return [name, destination];
    }),
  );
}

function portsFor({ reached, ports }: Draft): Port[] | undefined {
  if (reached === "cidrs" || reached === "both") return TCP_PORT_SETS[(ports ?? 0) % 2];
  if (ports === undefined) return undefined;
  const sets = reached === "names" ? PORT_SETS : [...TCP_PORT_SETS, ...PORT_SETS];
  return sets[ports % sets.length];
}

function addressesOf({ ipv6 }: Draft, index: number, host: number): string[] {
  const first = ipv6 ? `2001:db8:${index + 1}::${host + 1}` : `198.51.100.${16 * index + host}`;
  return host === 0 ? [first, ipv6 ? `198.51.100.${16 * index + 8}` : `2001:db8:${index + 1}::8`] : [first];
}

function rangeOf({ ipv6 }: Draft, index: number): string {
  return ipv6 ? `2001:db8:ff:${index + 1}::/127` : `198.19.${index}.64/31`;
}

function application(
  draft: {
    namespace: string;
    ownSelector: boolean;
    ownAccount: boolean;
    createServiceAccount: boolean;
    allow: number[];
  },
  index: number,
  destinations: number,
): Application {
  const name = `app-${index}`;
  return {
    namespace: draft.namespace,
    name,
    ...(draft.ownSelector && { selector: { app: name, tier: "web" } }),
    ...(draft.ownAccount && { serviceAccount: `account-${index}` }),
    ...(draft.createServiceAccount && { createServiceAccount: true }),
    allow: [...new Set(draft.allow.map((n) => `d${n % destinations}`))],
  };
}
