import type { Workload } from "../explain/types";
import type { MeshObject } from "./object";
import type { Value } from "./value";

/** Pods made from one template (Deployment, StatefulSet, DaemonSet, …), or a single Pod, or those of a gateway chart's release. */
export class Pods {
  constructor(
    readonly object: MeshObject,
    readonly namespace: string,
    readonly name: string,
    /** `metadata` and `spec` of the pod. */
    private readonly template: Value,
  ) {}

  private memoLabels?: Record<string, unknown>;
  get labels(): Record<string, unknown> {
    this.memoLabels ??= this.template.at("metadata").at("labels").rawMap();
    return this.memoLabels;
  }

  get annotations(): Record<string, unknown> {
    return this.template.at("metadata").at("annotations").rawMap();
  }

  get serviceAccount(): string {
    const spec = this.template.at("spec");
    return spec.at("serviceAccountName").text() || spec.at("serviceAccount").text() || "default";
  }

  get hostNetwork(): boolean {
    return this.template.at("spec").at("hostNetwork").flag();
  }

  /** uid of the application: the first container's, else the pod's. */
  get runAsUser(): number | undefined {
    return this.security("runAsUser");
  }

  get runAsGroup(): number | undefined {
    return this.security("runAsGroup");
  }

  private security(key: string): number | undefined {
    const spec = this.template.at("spec");
    const [first, ...rest] = spec.at("containers").list();
    // The injection may put the proxy in front of the application.
    const application = first && isProxy(first) ? (rest[0] ?? first) : first;
    return application?.at("securityContext").at(key).number() ?? spec.at("securityContext").at(key).number();
  }

  /** Whether the running Pod has a proxy; undefined for what runs nowhere. */
  get injected(): boolean | undefined {
    const spec = this.template.at("spec");
    if (spec.at("nodeName").text() === "") return undefined;
    return [...spec.at("containers").list(), ...spec.at("initContainers").list()].some(isProxy);
  }

  /** Live Pods of this template that are no longer as it says. */
  readonly strays: Pods[] = [];

  /** Takes in a live Pod that is as this template says. */
  adopt(replica: Pods): void {
    this.addresses.push(...replica.addresses);
  }

  /** IPs, known of live Pods only. */
  private memoAddresses?: string[];
  get addresses(): string[] {
    this.memoAddresses ??= this.readAddresses();
    return this.memoAddresses;
  }

  private readAddresses(): string[] {
    const status = this.template.at("status");
    return [
      status.at("podIP").text(),
      ...status
        .at("podIPs")
        .list()
        .map((ip) => ip.at("ip").text()),
    ].filter((ip) => ip !== "");
  }

  /** Number of a named container port. */
  containerPort(name: string): number | undefined {
    for (const container of this.template.at("spec").at("containers").list()) {
      const port = container
        .at("ports")
        .list()
        .find((p) => p.at("name").text() === name);
      if (port) return port.at("containerPort").number();
    }
    return undefined;
  }

  /** Name of the Gateway API Gateway that istiod deployed these pods for. */
  get managedBy(): string | undefined {
    const name = this.labels["gateway.networking.k8s.io/gateway-name"];
    return typeof name === "string" && this.labels["gateway.istio.io/managed"] !== undefined ? name : undefined;
  }

  /**
   * Whether these pods are gateway proxies (type router): injected with the gateway template, deployed by istiod for a Gateway, or
   * running `istio-proxy` as router (`manifests/charts/istio-control/istio-discovery/files`).
   */
  get isGateway(): boolean {
    const templates = this.annotations["inject.istio.io/templates"];
    if (typeof templates === "string" && templates.split(",").some((t) => t.trim() === "gateway")) return true;
    if (this.managedBy !== undefined) return true;
    return this.template.at("spec").at("containers").list().some(runsRouter);
  }

  get id(): string {
    return this.object.id;
  }

  asWorkload(): Workload {
    return {
      namespace: this.namespace,
      name: this.name,
      labels: this.labels as Record<string, string>,
      podAnnotations: this.annotations as Record<string, string>,
      serviceAccount: this.serviceAccount,
      ip: new Set(this.addresses).size === 1 ? this.addresses[0] : undefined,
      hostNetwork: this.hostNetwork,
      runAsUser: this.runAsUser,
      runAsGroup: this.runAsGroup,
      ...(this.injected !== undefined && { injected: this.injected }),
    };
  }
}

function isProxy(container: Value): boolean {
  return container.at("name").text() === "istio-proxy";
}

function runsRouter(container: Value): boolean {
  const args = container.at("args").texts();
  return args[0] === "proxy" && args[1] === "router";
}

const TEMPLATED: Record<string, string[]> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Rollout: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

export function isPodOwner(kind: string): boolean {
  return kind === "Pod" || TEMPLATED[kind] !== undefined;
}

export function podsOf(object: MeshObject): Pods {
  let template = object.root;
  for (const key of TEMPLATED[object.kind] ?? []) template = template.at(key);
  return new Pods(object, object.namespace, object.name, template);
}
