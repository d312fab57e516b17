import { type EgressConfig, PortProtocol } from "../config";
import { portsOf } from "../defaults";
import { join, type Problem } from "../problem";

/** Above it there is no container port to be had for the gateway: see `graph/objects/gatewayPorts.ts`. */
export const HIGHEST_PORT = 45535;
/** Istio's proxies listen on ports of this range themselves (Istio docs, "Ports used by Istio"). */
const RESERVED = { from: 15000, to: 15100 };

/** Ports: in range, with a protocol, once in a destination, and of one protocol on each gateway. */
export function checkPorts(config: EgressConfig): Problem[] {
  const problems: Problem[] = [];
  const onGateway = new Map<string, { path: string; protocol: string }>();
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

/** A gateway's listener speaks one protocol on a port, so destinations that share a gateway must agree. */
function gatewayClash(
  onGateway: Map<string, { path: string; protocol: string }>,
  gateway: string,
  path: string,
  port: ReturnType<typeof portsOf>[number],
): Problem[] {
  if (port.protocol === undefined) return [];
  const key = `${gateway}:${port.number}`;
  const other = onGateway.get(key);
  if (other === undefined) {
    onGateway.set(key, { path, protocol: port.protocol });
    return [];
  }
  return other.protocol === port.protocol
    ? []
    : [
        {
          path: `${path}.protocol`,
          value: port.protocol,
          message: `clashes with ${other.protocol} on port ${port.number} of the same gateway "${gateway}" at ${other.path}`,
          fix: "Give one of the two destinations a gateway of its own",
        },
      ];
}
