import { PortProtocol } from "../intent/config";
import type { DestinationIntent, HostIntent } from "../intent/intent";
import { isWildcard } from "../mesh/hosts";
import { hostName } from "./meta";

/** Hosts that share a ServiceEntry on each side. */
export interface EntryHosts {
  /** Name of both ServiceEntries: the destination's, or that of the host which stands alone. */
  name: string;
  hosts: HostIntent[];
}

/**
 * The hosts of a destination by ServiceEntry: together where possible. A host with addresses stands alone, since a
 * ServiceEntry's addresses are those of all its hosts (Istio API, `ServiceEntry.addresses`), and so does every host with
 * a TCP port and every wildcard, whose resolution is another
 * (Istio's webhook: `pkg/config/validation: ValidateServiceEntry`). A name of a host has a dot, one of a
 * destination has none.
 */
export function entriesOf(destination: DestinationIntent): EntryHosts[] {
  const tcp = destination.ports.some(({ protocol }) => protocol === PortProtocol.TCP);
  const alone = (host: HostIntent) =>
    tcp || isWildcard(host.name) || host.addresses.length > 0 || host.endpoint !== undefined;
  const together = destination.hosts.filter((host) => !alone(host));
  return [
    ...(together.length > 0 ? [{ name: destination.name, hosts: together }] : []),
    ...destination.hosts.filter(alone).map((host) => ({ name: hostName(host.name), hosts: [host] })),
  ];
}
