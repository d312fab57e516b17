import { type HostIntent, type PortIntent, PortProtocol } from "../../graph";
import type { Call } from "../../graph/explain/types";

const CALL_PROTOCOL: Readonly<Record<PortProtocol, Call["protocol"]>> = {
  [PortProtocol.HTTP]: "http",
  [PortProtocol.HTTP2]: "http",
  [PortProtocol.GRPC]: "http",
  [PortProtocol.TLS]: "tls",
  [PortProtocol.TCP]: "tcp",
};

/** A name that a host stands for: of a wildcard any. */
export function exactName(host: string): string {
  return host.replace(/^\*/, "some");
}

/** The call that an application makes to a port of a host: by name, or by address where the host is one of a CIDR. */
export function callTo(
  { name, endpoint }: HostIntent,
  { number, protocol }: Pick<PortIntent, "number" | "protocol">,
): Omit<Call, "workload"> {
  return {
    ...(endpoint === undefined ? { host: exactName(name) } : { address: endpoint }),
    port: number,
    protocol: CALL_PROTOCOL[protocol],
    ...((protocol === PortProtocol.HTTP2 || protocol === PortProtocol.GRPC) && { httpVersion: "2" }),
  };
}
