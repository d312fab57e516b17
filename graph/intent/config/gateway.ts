/** How the pods of an egress gateway run (values of Istio's `gateway` chart). */
export interface GatewayOptions {
  /** Pods. Defaults to 2; not with `autoscaling`. */
  replicas?: number;
  /** Scale by CPU use (Kubernetes, HorizontalPodAutoscaler). Defaults to none. */
  autoscaling?: Autoscaling;
  /**
   * Pods that stay up while nodes are drained (Kubernetes, PodDisruptionBudget); fewer than there are, 0 for no budget.
   * Defaults to 1 with two or more pods, else to 0.
   */
  minAvailable?: number;
  /** Spread pods over nodes and zones where possible. Defaults to true. */
  spread?: boolean;
  /** Requested and limiting resources. Defaults to the chart's. */
  resources?: Resources;
  /** Labels of the nodes that may run it: dedicated egress nodes. Defaults to any node. */
  nodeSelector?: Record<string, string>;
  /** Taints of nodes that it tolerates. Defaults to none. */
  tolerations?: Toleration[];
  /** Annotations of its Service. Defaults to none. */
  serviceAnnotations?: Record<string, string>;
  /**
   * A free address of the cluster's Service range for its Service, no other gateway's; needed with
   * `guards.clusterDns: false`.
   */
  clusterIp?: string;
  /** Seconds that open connections may go on after a pod is told to stop, 0 to 3600. Defaults to 30. */
  drainSeconds?: number;
  /**
   * The only outside ranges that its pods may reach, `IP/PREFIX` (Kubernetes, NetworkPolicy). Defaults to everything
   * but `guards.clusterRanges`.
   */
  egressRanges?: string[];
}

/** Bounds of an autoscaled gateway. */
export interface Autoscaling {
  /** Defaults to 2. */
  minReplicas?: number;
  /** At least `minReplicas`. */
  maxReplicas: number;
  /** Average CPU use aimed at, in percent of the request. Defaults to 80. */
  targetCpuPercent?: number;
}

/**
 * Resources of a gateway's container, as Kubernetes quantities, e.g. `100m` and `128Mi`. Those that are not named are the
 * chart's, so a request above the chart's limit needs a limit beside it.
 */
export interface Resources {
  /** Defaults to the chart's. */
  requests?: Quantities;
  /** Defaults to the chart's. */
  limits?: Quantities;
}

/** CPU and memory as Kubernetes quantities. */
export interface Quantities {
  /** E.g. `100m`. */
  cpu?: string;
  /** E.g. `128Mi`. */
  memory?: string;
}

/** A taint that pods tolerate (Kubernetes, `Toleration`). */
export interface Toleration {
  /** Key of the taint; none stands for every key, with the operator `Exists`. */
  key?: string;
  /** `Exists` or `Equal`. Defaults to `Equal`. */
  operator?: string;
  /** Value of the taint, with `Equal`. */
  value?: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Defaults to all. */
  effect?: string;
}
