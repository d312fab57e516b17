/** What the gateway's pods listen on: ports that need no privilege. */
const CONTAINER_PORTS: Readonly<Record<number, number>> = { 80: 8080, 443: 8443 };
const HIGHEST = 65535;
const UP = 20000;
const DOWN = 30000;

/**
 * The gateway's container port behind one of its Service ports: 80 → 8080, 443 → 8443, else the number + 20000, or, where
 * that is no port, the number - 30000. Two numbers 50000 apart meet; `checks/ports.ts` keeps them off one gateway.
 */
export function containerPort(number: number): number {
  return CONTAINER_PORTS[number] ?? (number + UP <= HIGHEST ? number + UP : number - DOWN);
}

/** The Service port behind which a container port stands; one that is nobody's stands for itself. */
export function servicePort(container: number): number {
  if (container === CONTAINER_PORTS[80]) return 80;
  if (container === CONTAINER_PORTS[443]) return 443;
  if (container > UP) return container - UP;
  return container + DOWN > HIGHEST - UP && container + DOWN <= HIGHEST ? container + DOWN : container;
}
