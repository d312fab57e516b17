import { type Fault, gateways, good, with_ } from "./spoilt";

/** Gateways and how their pods run. */
export const GATEWAY_FAULTS: readonly Fault[] = [
  [
    "an egress range that is none",
    with_({ gateways: { github: { egressRanges: ["github.com"] } } }),
    'gateways.github.egressRanges[0] = "github.com": is no range of addresses. Write IP/PREFIX, e.g. 10.0.0.0/8.',
  ],
  [
    "options of a gateway that no destination has, with the nearest",
    with_({ gateways: { githob: { replicas: 3 } } }),
    'gateways.githob = "githob": is no destination\'s gateway. Did you mean "github"?',
  ],
  [
    "options of a gateway that no destination has, with none near",
    with_({
      destinations: { ...good().destinations, github: { hosts: ["github.com"], gateway: "httpbin" } },
      gateways: { warehouse: {} },
    }),
    'gateways.warehouse = "warehouse": is no destination\'s gateway. Use one of httpbin, or remove it.',
  ],
  [
    "no pods",
    gateways({ replicas: 0 }),
    "gateways.github.replicas = 0: is out of range. Use a whole number of at least 1.",
  ],
  [
    "half a pod",
    with_({ gatewayDefaults: { replicas: 1.5 } }),
    "gatewayDefaults.replicas = 1.5: is out of range. Use a whole number of at least 1.",
  ],
  [
    "a pod count beside autoscaling",
    gateways({ replicas: 2, autoscaling: { maxReplicas: 4 } }),
    "gateways.github.replicas = 2: stands beside autoscaling, which decides the number of pods. Remove one of the two.",
  ],
  [
    "bounds of autoscaling the wrong way round",
    gateways({ autoscaling: { minReplicas: 5, maxReplicas: 4 } }),
    "gateways.github.autoscaling.maxReplicas = 4: is below minReplicas, 5. Raise it, or lower minReplicas.",
  ],
  [
    "an upper bound below the default lower one",
    gateways({ autoscaling: { maxReplicas: 1 } }),
    "gateways.github.autoscaling.maxReplicas = 1: is below minReplicas, 2. Raise it, or lower minReplicas.",
  ],
  [
    "autoscaling at no use of CPU",
    gateways({ autoscaling: { maxReplicas: 4, targetCpuPercent: 0 } }),
    "gateways.github.autoscaling.targetCpuPercent = 0: is out of range. Use a whole number of at least 1.",
  ],
  [
    "autoscaling without upper bound",
    gateways({ autoscaling: {} }),
    "gateways.github.autoscaling.maxReplicas: is missing. Give it a number.",
  ],
  [
    "a budget that no pod may leave",
    gateways({ minAvailable: 2 }),
    'gateways.github.minAvailable = 2: leaves none of the 2 pods of gateway "github" free to stop, so its nodes could never be drained. Run more pods, or use at most 1.',
  ],
  [
    "a default budget above one gateway's pods",
    gateways({ replicas: 1 }, { minAvailable: 1 }),
    'gatewayDefaults.minAvailable = 1: leaves none of the one pod of gateway "github" free to stop, so its nodes could never be drained. Run more pods, or use 0, which sets no budget.',
  ],
  [
    "a negative budget",
    gateways({ minAvailable: -1 }),
    "gateways.github.minAvailable = -1: is out of range. Use a whole number of at least 0.",
  ],
  [
    "a drain of more than an hour",
    gateways({ drainSeconds: 3601 }),
    "gateways.github.drainSeconds = 3601: is out of range. Use a whole number from 0 to 3600.",
  ],
  [
    "a quantity of CPU in words",
    gateways({ resources: { requests: { cpu: "two" } } }),
    'gateways.github.resources.requests.cpu = "two": is no Kubernetes quantity. Write it like 100m or 2.',
  ],
  [
    "a quantity of memory with a wrong suffix",
    gateways({ resources: { limits: { memory: "128MB" } } }),
    'gateways.github.resources.limits.memory = "128MB": is no Kubernetes quantity. Write it like 128Mi or 1Gi.',
  ],
  [
    "a request above its limit",
    gateways({ resources: { requests: { memory: "1Gi" }, limits: { memory: "1000Mi" } } }),
    'gateways.github.resources.requests.memory = "1Gi": is above the limit, 1000Mi. Lower the request, or raise the limit.',
  ],
  [
    "a bad label of nodes",
    gateways({ nodeSelector: { pool: "egress nodes" } }),
    'gateways.github.nodeSelector.pool = "egress nodes": is no Kubernetes label value (63 characters at most). Use a label that nodes can carry.',
  ],
  [
    "an unknown operator of a toleration",
    gateways({ tolerations: [{ key: "pool", operator: "Exist" }] }),
    'gateways.github.tolerations[0].operator = "Exist": is not a known value. Did you mean "Exists"?',
  ],
  [
    "an unknown effect of a toleration",
    gateways({ tolerations: [{ key: "pool", effect: "NoScedule" }] }),
    'gateways.github.tolerations[0].effect = "NoScedule": is not a known value. Did you mean "NoSchedule"?',
  ],
  [
    "a toleration of nothing",
    gateways({ tolerations: [{ effect: "NoExecute" }] }),
    "gateways.github.tolerations[0].key: is missing. Name the taint, or say operator: Exists to tolerate every taint.",
  ],
  [
    "a toleration that compares no value",
    gateways({ tolerations: [{ key: "pool", operator: "Exists", value: "egress" }] }),
    'gateways.github.tolerations[0].value = "egress": stands beside operator Exists, which compares no value. Remove one of the two.',
  ],
  [
    "a bad key of a taint",
    gateways({ tolerations: [{ key: "-pool" }] }),
    'gateways.github.tolerations[0].key = "-pool": is no Kubernetes label key. Use the key of a taint.',
  ],
  [
    "a bad key of an annotation",
    gateways({ serviceAnnotations: { "a b": "c" } }),
    'gateways.github.serviceAnnotations.a b = "c": is no Kubernetes annotation key. Write it like example.org/name.',
  ],
  [
    "an address that is none",
    gateways({ clusterIp: "10.1" }),
    'gateways.github.clusterIp = "10.1": is no IP address. Use a free address of the cluster\'s Service range, or remove it.',
  ],
  [
    "one address for two gateways",
    with_({ gatewayDefaults: { clusterIp: "198.18.128.20" } }),
    'gatewayDefaults.clusterIp = "198.18.128.20": would be the address of gateway "github" and of gateway "httpbin". Give each gateway an address of its own, under gateways.',
  ],
  [
    "a misspelt option of gateways",
    gateways({ replica: 2 }),
    'gateways.github.replica = 2: this key is not known. Did you mean "replicas"?',
  ],
];
