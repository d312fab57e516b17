import type { PortIntent } from "../intent/intent";

export { containerPort } from "../intent/containerPort";

/** The port's name in Services, ServiceEntries and Gateways: `http-80`, `tls-443`. Istio reads the protocol from it. */
export function portName({ number, protocol }: Pick<PortIntent, "number" | "protocol">): string {
  return `${protocol.toLowerCase()}-${number}`;
}
