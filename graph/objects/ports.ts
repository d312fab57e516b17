import type { PortIntent } from "../intent/intent";

/** What the gateway's pods listen on: ports that need no privilege. */
const CONTAINER_PORTS: Readonly<Record<number, number>> = { 80: 8080, 443: 8443 };
const CONTAINER_OFFSET = 20000;

/** The gateway's container port behind one of its Service ports: 80 → 8080, 443 → 8443, else the number + 20000. */
export function containerPort(number: number): number {
  return CONTAINER_PORTS[number] ?? number + CONTAINER_OFFSET;
}

/** The port's name in Services, ServiceEntries and Gateways: `http-80`, `tls-443`. Istio reads the protocol from it. */
export function portName({ number, protocol }: Pick<PortIntent, "number" | "protocol">): string {
  return `${protocol.toLowerCase()}-${number}`;
}
