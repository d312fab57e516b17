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
    for (const port of destination.ports) known.set(port.number, first(port, known.get(port.number)));
    ports.set(destination.gateway, known);
  }
  return [...ports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, numbers]) => ({
      name,
      service: gatewayService(name),
      ports: [...numbers.values()].sort((a, b) => a.number - b.number),
      options: gatewayOptions(config, name),
    }));
}

/** Of ports of one number and several protocols the alphabetically first: only the name of the Service's port follows it. */
function first(port: PortIntent, other: PortIntent | undefined): PortIntent {
  return other !== undefined && other.protocol <= port.protocol ? other : port;
}

/** What the user said of a gateway, over the defaults; its own way of scaling displaces the defaults' other way. */
export function saidOf(config: Pick<EgressConfig, "gateways" | "gatewayDefaults">, name: string): GatewayOptions {
  const own = config.gateways?.[name] ?? {};
  const { replicas, autoscaling, ...defaults } = config.gatewayDefaults ?? {};
  const scales = own.replicas !== undefined || own.autoscaling !== undefined;
  return { ...defaults, ...(!scales && { replicas, autoscaling }), ...own };
}

/** The options of a gateway with every default filled in. */
export function gatewayOptions(config: EgressConfig, name: string): GatewayOptionsIntent {
  const options = saidOf(config, name);
  const autoscaling = options.autoscaling && {
    minReplicas: options.autoscaling.minReplicas ?? REPLICAS,
    maxReplicas: options.autoscaling.maxReplicas,
    targetCpuPercent: options.autoscaling.targetCpuPercent ?? 80,
  };
  const replicas = options.replicas ?? REPLICAS;
  const pods = leastPods({ replicas, autoscaling });
  return {
    replicas,
    autoscaling,
    minAvailable: (options.minAvailable ?? (pods > 1 ? 1 : 0)) || undefined,
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

/** How many pods a gateway has at least. */
export function leastPods({ replicas, autoscaling }: Pick<GatewayOptionsIntent, "replicas" | "autoscaling">): number {
  return autoscaling?.minReplicas ?? replicas;
}

/** How many pods a gateway may have. */
export function mostPods({ replicas, autoscaling }: Pick<GatewayOptionsIntent, "replicas" | "autoscaling">): number {
  return autoscaling?.maxReplicas ?? replicas;
}
