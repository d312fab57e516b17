import { CIDR_DOMAIN, covers } from "../intent/cidr";
import { type Destination, type EgressConfig, type Port, PortProtocol } from "../intent/config";
import { portsOf } from "../intent/defaults";
import { seesRequests } from "../intent/protocols";
import { isAddress } from "../mesh/addresses";
import { subsetOf } from "../mesh/hosts";
import { gatewayWords, NoWay, type Step, type WantedCall } from "./wanted";

/** What makes a destination of the call's host and port, and the name of that destination. */
export interface DestinationStep extends Step {
  name: string;
}

const NAME_LIMIT = 46;
const WANTED: Readonly<Record<WantedCall["protocol"], PortProtocol>> = {
  http: PortProtocol.HTTP,
  tls: PortProtocol.TLS,
  tcp: PortProtocol.TCP,
};
const WORDS: Readonly<Record<WantedCall["protocol"], string>> = { http: "HTTP", tls: "TLS", tcp: "plain TCP" };

/** The destination that has the host, with the port added where it lacks it; else a new one, at each gateway it may have. */
export function destinationFor(config: EgressConfig, call: WantedCall): DestinationStep[] {
  const found = Object.entries(config.destinations).find(([name, destination]) => has(name, destination, call));
  if (found === undefined) return newDestinations(config, call);
  const [name, destination] = found;
  return [{ name, ...portFor(name, destination, call) }];
}

function has(name: string, { hosts = [], cidrs = [], addresses = {} }: Destination, call: WantedCall): boolean {
  const { host, address } = call;
  if (!isAddress(host)) return host.endsWith(`.${name}${CIDR_DOMAIN}`) || hosts.some((each) => subsetOf(host, each));
  const dialled = address ?? host;
  return (
    cidrs.some((cidr) => covers(cidr, dialled)) || Object.values(addresses).some((listed) => listed.includes(dialled))
  );
}

function portFor(name: string, destination: Destination, { port, protocol }: WantedCall): Step {
  const ports = portsOf(destination);
  const known = ports.find(({ number }) => number === port);
  if (known === undefined) {
    const path = ["destinations", name, "ports"];
    const added = portOf(port, WANTED[protocol]);
    const says = [`add port ${port} to destinations.${name}: whoever may reach ${name} may then use it`];
    if (destination.ports === undefined)
      return { changes: [{ path, value: [...ports.map(({ number }) => ({ number })), added] }], says };
    return { changes: [{ path: [...path, destination.ports.length], value: added }], says };
  }
  if (!carries(known.protocol, protocol))
    throw new NoWay(
      `port ${port} of destination ${name} is for ${known.protocol}, and the call speaks ${WORDS[protocol]}: call it as it is meant, or at another port`,
    );
  return { changes: [], says: [] };
}

function carries(port: PortProtocol | undefined, call: WantedCall["protocol"]): boolean {
  if (port === undefined || port === PortProtocol.TCP) return true;
  return seesRequests(port) ? call === "http" : call === "tls";
}

/** A port as short as it can be said. */
function portOf(number: number, protocol: PortProtocol): Port {
  const [usual] = portsOf({ ports: [{ number }] });
  return usual?.protocol === protocol ? { number } : { number, protocol };
}

function newDestinations(config: EgressConfig, call: WantedCall): DestinationStep[] {
  const name = newName(config, call.host);
  const shared = [...new Set(Object.entries(config.destinations).map(([key, { gateway }]) => gateway ?? key))];
  // Without the cluster's DNS a gateway needs an address that nobody here can choose: those that are there have one.
  const gateways = config.guards?.clusterDns === false ? shared : [undefined];
  return gateways.map((gateway) => ({
    name,
    changes: [
      { path: ["destinations", name], value: { ...destinationOf(call), ...(gateway !== undefined && { gateway }) } },
    ],
    says: [
      gateway === undefined
        ? `add the destination ${name} for ${call.host}:${call.port}, with ${gatewayWords(name)} of its own; "gateway" would let it share one`
        : `add the destination ${name} for ${call.host}:${call.port} at ${gatewayWords(gateway)}`,
    ],
  }));
}

function destinationOf({ host, address, port, protocol }: WantedCall): Destination {
  if (isAddress(host))
    return {
      cidrs: [`${host}/${host.includes(":") ? 128 : 32}`],
      ports: [{ number: port, protocol: PortProtocol.TCP }],
    };
  return {
    hosts: [host],
    ...(protocol === "tcp" && address !== undefined && { addresses: { [host]: [address] } }),
    ports: [portOf(port, WANTED[protocol])],
  };
}

/** The host as a DNS label that no other destination has. */
function newName({ destinations }: EgressConfig, host: string): string {
  const plain = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const label = (isAddress(host) ? `ip-${plain}` : plain).slice(0, NAME_LIMIT - 3).replace(/-$/, "");
  if (label === "") throw new NoWay(`"${host}" names no destination`);
  for (let n = 1; ; n++) {
    const name = n === 1 ? label : `${label}-${n}`;
    if (!Object.hasOwn(destinations, name)) return name;
  }
}
