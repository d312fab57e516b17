import { mostPods } from "../intent/gatewayIntent";
import type { GatewayOptionsIntent } from "../intent/intent";

/** Seconds between the end of the drain and the kill, for the proxy to end by itself. */
const AFTER_DRAIN = 5;
/** Well-known labels of nodes (Kubernetes docs, "Well-Known Labels, Annotations and Taints"). */
const SPREAD_OVER = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];

/**
 * Values of Istio's `gateway` chart that say how many pods a gateway has, where they run and how they end. What nobody
 * asked for is left to the chart.
 */
export function podValues(options: GatewayOptionsIntent, labels: Record<string, string>): Record<string, unknown> {
  return {
    ...scale(options),
    ...(options.minAvailable !== undefined && { podDisruptionBudget: { minAvailable: options.minAvailable } }),
    ...(options.spread && mostPods(options) > 1 && { topologySpreadConstraints: spread(labels) }),
    ...given("resources", options.resources),
    ...given("nodeSelector", options.nodeSelector),
    ...(options.tolerations.length > 0 && { tolerations: options.tolerations }),
    terminationGracePeriodSeconds: options.drainSeconds + AFTER_DRAIN,
  };
}

/** The chart scales by itself unless told not to. */
function scale({ replicas, autoscaling }: GatewayOptionsIntent): Record<string, unknown> {
  if (autoscaling === undefined) return { replicaCount: replicas, autoscaling: { enabled: false } };
  const { minReplicas, maxReplicas, targetCpuPercent } = autoscaling;
  return {
    autoscaling: { enabled: true, minReplicas, maxReplicas, targetCPUUtilizationPercentage: targetCpuPercent },
  };
}

/** Where possible: a cluster of one node or zone must still run every pod. */
function spread(labels: Record<string, string>) {
  return SPREAD_OVER.map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  }));
}

function given(key: string, value: object): Record<string, unknown> {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}
