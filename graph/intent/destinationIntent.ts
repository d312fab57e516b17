import { addressesOf, addressHost } from "./cidr";
import { type Destination, type Port, PortProtocol, type TlsOrigination } from "./config";
import type { ApplicationIntent, DestinationIntent, HostIntent, OriginationIntent } from "./intent";

const DEFAULT_PORTS: readonly Port[] = [{ number: 80 }, { number: 443 }];
const DEFAULT_PROTOCOL: Record<number, PortProtocol> = { 80: PortProtocol.HTTP, 443: PortProtocol.TLS };

/** A port as the user meant it; an undefined protocol is one that had to be said. */
export interface ReadPort {
  number: number;
  protocol: PortProtocol | undefined;
  originateTls: TlsOrigination | undefined;
}

/** The ports of a destination with their protocol. */
export function portsOf(destination: Pick<Destination, "ports">): ReadPort[] {
  return (destination.ports ?? DEFAULT_PORTS).map((port) => ({
    number: port.number,
    protocol: port.protocol ?? DEFAULT_PROTOCOL[port.number],
    originateTls: port.originateTls,
  }));
}

export function destinationIntent(
  name: string,
  destination: Destination,
  allowedTo: ApplicationIntent[],
): DestinationIntent {
  return {
    name,
    hosts: hostsOf(name, destination),
    ports: portsOf(destination).map(({ number, protocol = PortProtocol.TLS, originateTls }) => ({
      number,
      protocol,
      originateTls: originateTls && origination(originateTls, protocol),
    })),
    gateway: destination.gateway ?? name,
    checkInnerSni: destination.checkInnerSni ?? false,
    wildcardTls: destination.wildcardTls ?? false,
    sendTracingHeaders: destination.sendTracingHeaders ?? false,
    allowedTo,
  };
}

/** The named hosts, then one for each address of the CIDRs. */
function hostsOf(destination: string, { hosts = [], cidrs = [], addresses = {} }: Destination): HostIntent[] {
  return [
    ...hosts.map((name) => ({ name, addresses: addresses[name] ?? [], endpoint: undefined })),
    ...cidrs
      .flatMap((cidr) => addressesOf(cidr) ?? [])
      .map((address) => ({ name: addressHost(address, destination), addresses: [address], endpoint: address })),
  ];
}

function origination(tls: TlsOrigination, protocol: PortProtocol): OriginationIntent {
  return {
    port: tls.port ?? 443,
    secret: tls.secret,
    mutual: tls.mutual ?? false,
    sni: tls.sni,
    subjectAltNames: tls.subjectAltNames,
    http2: tls.http2 ?? protocol !== PortProtocol.HTTP,
  };
}
