import type { EgressConfig, GatewayOptions } from "./config";
import type { DestinationIntent, GatewayIntent, GatewayOptionsIntent, PortIntent } from "./intent";

const GATEWAY_PREFIX = "egress-";
const REPLICAS = 2;

/** The Service, release and service account of a gateway. */
export function gatewayService(gateway: string): string {
  return `${GATEWAY_PREFIX}${gateway}`;
}

/** The gateways that destinations name, sorted by name, with their options. */
export function gatewayIntents(config: EgressConfig, destinations: DestinationIntent[]): GatewayIntent[] {
  const ports = new Map<string, Map<number, PortIntent>>();
  for (const destination of destinations) {
    const known = ports.get(destination.gateway) ?? new Map<number, PortIntent>();
    for (const port of destination.ports) known.set(port.number, port);
    ports.set(destination.gateway, known);
  }
  return [...ports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, numbers]) => ({
      name,
      service: gatewayService(name),
      ports: [...numbers.values()].sort((a, b) => a.number - b.number),
      options: gatewayOptions({ ...config.gatewayDefaults, ...config.gateways?.[name] }),
    }));
}

function gatewayOptions(options: GatewayOptions): GatewayOptionsIntent {
  const autoscaling = options.autoscaling && {
    minReplicas: options.autoscaling.minReplicas ?? REPLICAS,
    maxReplicas: options.autoscaling.maxReplicas,
    targetCpuPercent: options.autoscaling.targetCpuPercent ?? 80,
  };
  const replicas = options.replicas ?? REPLICAS;
  const pods = autoscaling?.minReplicas ?? replicas;
  return {
    replicas,
    autoscaling,
    minAvailable: options.minAvailable ?? (pods > 1 ? 1 : undefined),
    spread: options.spread ?? true,
    resources: options.resources ?? {},
    nodeSelector: options.nodeSelector ?? {},
    tolerations: options.tolerations ?? [],
    serviceAnnotations: options.serviceAnnotations ?? {},
    clusterIp: options.clusterIp,
    drainSeconds: options.drainSeconds ?? 30,
    egressRanges: options.egressRanges,
  };
}
