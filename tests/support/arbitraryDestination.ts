import fc from "fast-check";
import { type Destination, type Port, PortProtocol } from "../../graph";
import { portsOf } from "../../graph/intent/defaults";
import { seesRequests } from "../../graph/intent/protocols";

/*
 * Random valid destinations: shared gateways, every protocol on odd and on shared port numbers, addresses and ranges of
 * both families, hosts that only DNS capture tells apart, TLS origination, wildcards, inner
 * SNIs that are checked.
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

export interface DestinationDraft {
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
  tracing: boolean;
}

export const draftDestination: fc.Arbitrary<DestinationDraft> = fc.record({
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
  tracing: fc.boolean(),
});

/** The destinations of the drafts, `d0`, `d1` and so on. */
export function destinationsOf(drafts: readonly DestinationDraft[]): Record<string, Destination> {
  return withoutClashes(drafts.map((draft, index) => [`d${index}`, destination(draft, index)]));
}

/** The gateway of a draft; that of the first one is always as drafted. */
export function gatewayOf(drafts: readonly DestinationDraft[], index: number): string {
  const shares = drafts[index]?.shares;
  return shares === undefined ? `d${index}` : sharedGateway(shares, index);
}

function sharedGateway(shares: number, index: number): string {
  return `g${shares % (index + 1)}`;
}

function destination(draft: DestinationDraft, index: number): Destination {
  const { shares, reached, tracing } = draft;
  const hosts = Array.from({ length: draft.hosts }, (_, n) =>
    n === 0 ? `d${index}.example` : `h${n}.d${index}.example`,
  );
  const ports = portsFor(draft);
  const wildcard = draft.wildcard && canBeWild(ports);
  const tls = portsOf({ ports }).some(({ protocol }) => protocol === TLS);
  return {
    ...(reached !== "cidrs" && { hosts: [...hosts, ...(wildcard ? [`*.w${index}.example`] : [])] }),
    ...((reached === "cidrs" || reached === "both") && { cidrs: [rangeOf(draft, index)] }),
    ...((reached === "addresses" || reached === "both") && {
      addresses: Object.fromEntries(hosts.map((host, n) => [host, addressesOf(draft, index, n)])),
    }),
    ...(wildcard && tls && { wildcardTls: true }),
    ...(draft.checkInnerSni && tls && { checkInnerSni: true }),
    ...(ports !== undefined && { ports }),
    ...(shares !== undefined && { gateway: sharedGateway(shares, index) }),
    ...(tracing && { sendTracingHeaders: true }),
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

function portsFor({ reached, ports }: DestinationDraft): Port[] | undefined {
  if (reached === "cidrs" || reached === "both") return TCP_PORT_SETS[(ports ?? 0) % 2];
  if (ports === undefined) return undefined;
  const sets = reached === "names" ? PORT_SETS : [...TCP_PORT_SETS, ...PORT_SETS];
  return sets[ports % sets.length];
}

function addressesOf({ ipv6 }: DestinationDraft, index: number, host: number): string[] {
  const first = ipv6 ? `2001:db8:${index + 1}::${host + 1}` : `198.51.100.${16 * index + host}`;
  return host === 0 ? [first, ipv6 ? `198.51.100.${16 * index + 8}` : `2001:db8:${index + 1}::8`] : [first];
}

function rangeOf({ ipv6 }: DestinationDraft, index: number): string {
  return ipv6 ? `2001:db8:ff:${index + 1}::/127` : `198.19.${index}.64/31`;
}
