import { createHash } from "node:crypto";
import { PortProtocol } from "../intent/config";
import type { DestinationIntent, PortIntent } from "../intent/intent";
import { isWildcard } from "../mesh/hosts";

/**
 * A TLS port of a host whose connections pass the gateway twice: once for the caller's identity, then, by a listener
 * on the loopback of the gateway's own pod, for the SNI of the application's TLS.
 */
export interface Tunnel {
  destination: DestinationIntent;
  host: string;
  /** Port of the host, as the application dials it. */
  port: number;
  /** Port of the listener on 127.0.0.1: one a host and port, or the SNI of one host would open another. */
  loopback: number;
}

/** Between the ports of Istio's proxies (from 15000 on) and those that the gateways' containers listen on elsewhere. */
const LOOPBACK_PORTS = { from: 10000, to: 14999 };

/** The loopback hop is made for exact hosts by choice; wildcards cannot do without it. */
export function isTunnelled(destination: DestinationIntent, host: string, port: PortIntent): boolean {
  return port.protocol === PortProtocol.TLS && (destination.checkInnerSni || isWildcard(host));
}

/**
 * The tunnels of one gateway, given all of its destinations. A tunnel's port comes from a hash of its host and port
 * alone, so it stays when other hosts come and go; of two that meet (one pair in 5000), the later by name takes its next
 * choice. Numbers that the gateway's Service uses are left out: Istio would translate them to container ports.
 */
export function tunnelsOf(destinations: readonly DestinationIntent[]): Tunnel[] {
  const taken = new Set(destinations.flatMap(({ ports }) => ports.map(({ number }) => number)));
  const found = destinations.flatMap((destination) =>
    destination.hosts.flatMap(({ name: host }) =>
      destination.ports
        .filter((port) => isTunnelled(destination, host, port))
        .map(({ number: port }) => ({ destination, host, port })),
    ),
  );
  return found
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((tunnel) => {
      const loopback = freePort(keyOf(tunnel), taken);
      taken.add(loopback);
      return { ...tunnel, loopback };
    });
}

function keyOf({ host, port }: Pick<Tunnel, "host" | "port">): string {
  return `${host}:${port}`;
}

function freePort(key: string, taken: ReadonlySet<number>): number {
  const count = LOOPBACK_PORTS.to - LOOPBACK_PORTS.from + 1;
  for (let choice = 0; ; choice++) {
    const hash = createHash("sha256").update(`${key} ${choice}`).digest().readUInt32BE(0);
    const port = LOOPBACK_PORTS.from + (hash % count);
    if (!taken.has(port)) return port;
  }
}
