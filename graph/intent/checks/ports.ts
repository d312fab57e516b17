import { type EgressConfig, PortProtocol } from "../config";
import { containerPort } from "../containerPort";
import { portsOf, type ReadPort } from "../defaults";
import { join, type Problem } from "../problem";
import { seesRequests } from "../protocols";

const HIGHEST_PORT = 65535;
/** Istio's proxies listen on ports of this range themselves (Istio docs, "Ports used by Istio"). */
const RESERVED = { from: 15000, to: 15100 };

/** Ports: in range, with a protocol, once in a destination, and of one kind on each gateway. */
export function checkPorts(config: EgressConfig): Problem[] {
  const problems: Problem[] = [];
  const onGateway = new Map<string, { path: string; number: number; protocol: PortProtocol }>();
  for (const [name, destination] of Object.entries(config.destinations)) {
    const inDestination = new Set<number>();
    for (const [index, port] of portsOf(destination).entries()) {
      const path = destination.ports ? join("destinations", name, "ports", index) : join("destinations", name);
      const fault = numberFault(port.number);
      if (fault !== undefined) problems.push({ path: `${path}.number`, value: port.number, ...fault });
      if (port.protocol === undefined)
        problems.push({
          path: `${path}.protocol`,
          message: `is missing for port ${port.number}`,
          fix: `Say one of ${Object.values(PortProtocol).join(", ")}`,
        });
      if (inDestination.has(port.number))
        problems.push({
          path: `${path}.number`,
          value: port.number,
          message: "is listed twice in this destination",
          fix: "Keep one of the two",
        });
      else problems.push(...gatewayClash(onGateway, destination.gateway ?? name, path, port));
      inDestination.add(port.number);
    }
  }
  return problems;
}

function numberFault(number: number): Pick<Problem, "message" | "fix"> | undefined {
  if (!Number.isInteger(number) || number < 1 || number > HIGHEST_PORT)
    return { message: "is no port number", fix: `Use a whole number from 1 to ${HIGHEST_PORT}` };
  if (number >= RESERVED.from && number <= RESERVED.to)
    return {
      message: "is a port that Istio's proxies use themselves",
      fix: `Use a port outside ${RESERVED.from} to ${RESERVED.to}`,
    };
  return undefined;
}

/**
 * On a gateway a port either decodes requests or passes connections on: Istio would serve both, told apart by SNI, but
 * its policies tell the two apart by port (a rule by SNI also holds for the requests of its port).
 */
function gatewayClash(
  onGateway: Map<string, { path: string; number: number; protocol: PortProtocol }>,
  gateway: string,
  path: string,
  { number, protocol }: ReadPort,
): Problem[] {
  if (protocol === undefined) return [];
  const key = `${gateway}:${containerPort(number)}`;
  const other = onGateway.get(key);
  if (other === undefined) onGateway.set(key, { path, number, protocol });
  if (other !== undefined && other.number !== number)
    return [
      {
        path: `${path}.number`,
        value: number,
        message: `would be the same port of the gateway's pods as ${other.number} at ${other.path}`,
        fix: "Give one of the two destinations a gateway of its own",
      },
    ];
  if (other === undefined || seesRequests(other.protocol) === seesRequests(protocol)) return [];
  return [
    {
      path: `${path}.protocol`,
      value: protocol,
      message: `clashes with ${other.protocol} on port ${number} of the same gateway "${gateway}" at ${other.path}: on one port a gateway sees either requests (HTTP, HTTP2, GRPC) or connections (TLS, TCP)`,
      fix: "Give one of the two destinations a gateway of its own",
    },
  ];
}
