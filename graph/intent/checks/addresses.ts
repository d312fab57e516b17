import { addressesOf } from "../cidr";
import { type Destination, type EgressConfig, PortProtocol } from "../config";
import { dnsCaptureOf, portsOf } from "../defaults";
import { addressFault } from "../ipAddress";
import { suggest } from "../nearest";
import { join, type Problem } from "../problem";

/**
 * Addresses: valid, of hosts of their destination, and each of one host only, since the dialled address alone tells
 * the hosts of TCP connections apart. So every host with a TCP port has some, unless DNS capture gives it one.
 */
export function checkAddresses(config: EgressConfig): Problem[] {
  const destinations = Object.entries(config.destinations);
  return [
    ...destinations.flatMap(([name, destination]) => ofHosts(name, destination)),
    ...taken(destinations),
    ...destinations.flatMap(([name, destination]) => tcpHosts(name, destination, dnsCaptureOf(config))),
  ];
}

function ofHosts(name: string, { hosts = [], addresses = {} }: Destination): Problem[] {
  return Object.entries(addresses).flatMap(([host, list]) => {
    const path = addressesPath(name, host);
    if (!hosts.includes(host))
      return [
        {
          path,
          message: `"${host}" is no host of this destination`,
          fix: suggest(host, hosts, "Add it to hosts"),
        },
      ];
    if (host.startsWith("*"))
      return [
        { path, message: "a wildcard stands for many hosts, at addresses of their own", fix: "List the hosts by name" },
      ];
    return list.flatMap((address, index) => {
      const fault = addressFault(address);
      return fault === undefined ? [] : [{ path: `${path}[${index}]`, value: address, ...fault }];
    });
  });
}

/** Addresses of hosts and of ranges, over all destinations. */
function taken(destinations: [string, Destination][]): Problem[] {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  const take = (address: string, path: string, value: string): boolean => {
    const other = first.get(address);
    if (other === undefined) first.set(address, path);
    else
      problems.push({
        path,
        value,
        message: `has the address ${address}, which is at ${other} already`,
        fix: "Give each address to one host only: nothing else tells their connections apart",
      });
    return other === undefined;
  };
  for (const [name, { addresses = {}, cidrs = [] }] of destinations) {
    for (const [host, list] of Object.entries(addresses))
      for (const [index, address] of list.entries()) take(address, `${addressesPath(name, host)}[${index}]`, address);
    for (const [index, cidr] of cidrs.entries())
      (addressesOf(cidr) ?? []).every((address) => take(address, join("destinations", name, "cidrs", index), cidr));
  }
  return problems;
}

function tcpHosts(name: string, destination: Destination, dnsCapture: boolean): Problem[] {
  const { hosts = [], addresses = {} } = destination;
  const tcp = portsOf(destination).find(({ protocol }) => protocol === PortProtocol.TCP);
  if (tcp === undefined) return [];
  return hosts.flatMap((host, index): Problem[] => {
    const path = join("destinations", name, "hosts", index);
    if (host.startsWith("*"))
      return [
        {
          path,
          value: host,
          message: `cannot have TCP port ${tcp.number}: a TCP connection names no host, so nothing tells which name under the wildcard is meant`,
          fix: "List the hosts by name, with addresses",
        },
      ];
    if (dnsCapture || (addresses[host]?.length ?? 0) > 0) return [];
    return [
      {
        path,
        value: host,
        message: `has TCP port ${tcp.number} but no addresses: a TCP connection names no host, so calls to any address on that port would end at the first such host`,
        fix: `Give the addresses that applications dial in ${join("destinations", name, "addresses")}, or set istio.dnsCapture: true`,
      },
    ];
  });
}

function addressesPath(destination: string, host: string): string {
  return `${join("destinations", destination, "addresses")}["${host}"]`;
}
