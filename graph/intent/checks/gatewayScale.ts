import type { GatewayOptions } from "../config";
import type { Problem } from "../problem";

const LONGEST_DRAIN = 3600;

/** How many pods, and how long they end: whole numbers that fit together. */
export function scaleProblems(path: string, options: GatewayOptions): Problem[] {
  const { replicas, autoscaling, minAvailable, drainSeconds } = options;
  return [
    ...whole(`${path}.replicas`, replicas, 1),
    ...whole(`${path}.minAvailable`, minAvailable, 0),
    ...whole(`${path}.drainSeconds`, drainSeconds, 0, LONGEST_DRAIN),
    ...whole(`${path}.autoscaling.minReplicas`, autoscaling?.minReplicas, 1),
    ...whole(`${path}.autoscaling.maxReplicas`, autoscaling?.maxReplicas, 1),
    ...whole(`${path}.autoscaling.targetCpuPercent`, autoscaling?.targetCpuPercent, 1),
    ...bothWays(path, options),
    ...bounds(path, options),
  ];
}

function whole(path: string, value: number | undefined, least: number, most = Number.POSITIVE_INFINITY): Problem[] {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
  const fix = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  return [{ path, value, message: "is out of range", fix: `Use a whole number ${fix}` }];
}

function bothWays(path: string, { replicas, autoscaling }: GatewayOptions): Problem[] {
  if (replicas === undefined || autoscaling === undefined) return [];
  return [
    {
      path: `${path}.replicas`,
      value: replicas,
      message: "stands beside autoscaling, which decides the number of pods",
      fix: "Remove one of the two",
    },
  ];
}

function bounds(path: string, { autoscaling }: GatewayOptions): Problem[] {
  if (autoscaling === undefined) return [];
  const { minReplicas = 2, maxReplicas } = autoscaling;
  if (maxReplicas >= minReplicas || maxReplicas < 1) return [];
  return [
    {
      path: `${path}.autoscaling.maxReplicas`,
      value: maxReplicas,
      message: `is below minReplicas, ${minReplicas}`,
      fix: "Raise it, or lower minReplicas",
    },
  ];
}
