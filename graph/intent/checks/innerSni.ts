import { isWildcard } from "../../mesh/hosts";
import { type Destination, type EgressConfig, PortProtocol } from "../config";
import { portsOf } from "../defaults";
import { join, type Problem } from "../problem";

/** Each takes a port of its own on the loopback of the gateway's pods (`graph/objects/tunnel.ts` has 5000). */
export const MOST_TUNNELS = 1000;

/** `checkInnerSni` where there is an inner SNI to check, and room for the loopback hops of each gateway. */
export function checkInnerSni(config: EgressConfig): Problem[] {
  const tunnels = new Map<string, number>();
  return Object.entries(config.destinations).flatMap(([name, destination]) => {
    const gateway = destination.gateway ?? name;
    const before = tunnels.get(gateway) ?? 0;
    const after = before + countOf(destination);
    tunnels.set(gateway, after);
    return [
      ...uselessOption(name, destination),
      ...(before <= MOST_TUNNELS && after > MOST_TUNNELS ? [tooMany(name, gateway)] : []),
    ];
  });
}

function uselessOption(name: string, destination: Destination): Problem[] {
  if (destination.checkInnerSni !== true) return [];
  const fault = useless(destination);
  const path = join("destinations", name, "checkInnerSni");
  return fault === undefined ? [] : [{ path, value: true, message: fault, fix: "Remove it" }];
}

function useless(destination: Destination): string | undefined {
  const { hosts = [] } = destination;
  if (tlsPorts(destination) === 0)
    return "has no effect: the destination has no TLS port, and elsewhere the gateway sees no TLS of the application's";
  if (hosts.length > 0 && hosts.every(isWildcard))
    return "has no effect: on wildcard hosts wildcardTls always reads the SNI of the application's TLS";
  return undefined;
}

function countOf(destination: Destination): number {
  const { hosts = [], checkInnerSni = false } = destination;
  return hosts.filter((host) => checkInnerSni || isWildcard(host)).length * tlsPorts(destination);
}

function tlsPorts(destination: Destination): number {
  return portsOf(destination).filter(({ protocol }) => protocol === PortProtocol.TLS).length;
}

function tooMany(name: string, gateway: string): Problem {
  return {
    path: join("destinations", name),
    message: `brings gateway "${gateway}" to more than ${MOST_TUNNELS} hosts and ports whose inner SNI is checked`,
    fix: "Give the destination a gateway of its own",
  };
}
