/**
 * Live Pods and the template that they were made from. A Pod that is as its template says adds nothing but its addresses; one
 * that is not (relabelled by hand, started before its namespace had sidecars, or after it lost them) is somebody of its own.
 */
import { noSidecar } from "./injection";
import type { MeshObject } from "./object";
import { Undecided } from "./unknown";
import type { Pods } from "./workload";
import { isWrittenLabel } from "./writtenLabels";

/**
 * Ids of the objects that may have made a Pod, the outermost first. A Deployment's ReplicaSets and a CronJob's Jobs are seen
 * through by their names, as Istio does (`pkg/kube/inject: GetDeployMetaFromPod`): nobody needs to read them.
 */
export function makersOf(pod: MeshObject): string[] {
  const controller = pod.root
    .at("metadata")
    .at("ownerReferences")
    .list()
    .find((reference) => reference.at("controller").flag());
  if (controller === undefined) return [];
  const kind = controller.at("kind").text();
  const name = controller.at("name").text();
  const id = (of: string, called: string) => `${of} ${pod.namespace}/${called}`;
  const own = id(kind, name);
  if (kind === "Job") return [id("CronJob", name.replace(/-\d+$/, "")), own];
  if (kind !== "ReplicaSet") return [own];
  const deployed = without(name, pod.label("pod-template-hash"));
  const rolled = without(name, pod.label("rollouts-pod-template-hash"));
  return [deployed && id("Deployment", deployed), rolled && id("Rollout", rolled), own].filter((each) => each !== "");
}

function without(name: string, hash: string): string {
  return hash !== "" && name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : "";
}

/** Whether nothing that decides about traffic tells the Pod from its template. What is not known yet may tell them apart. */
export function isReplica(pod: Pods, template: Pods, namespace: MeshObject | undefined): boolean {
  try {
    return traits(pod, namespace) === traits(template, namespace);
  } catch (error) {
    if (error instanceof Undecided) return false;
    throw error;
  }
}

/** What capture reads of annotations, with what the injection writes where nobody said anything (`files/injection-template.yaml`). */
const CAPTURE: Readonly<Record<string, string>> = {
  "sidecar.istio.io/interceptionMode": "REDIRECT",
  "traffic.sidecar.istio.io/excludeOutboundIPRanges": "",
  "traffic.sidecar.istio.io/excludeOutboundPorts": "",
  "traffic.sidecar.istio.io/includeOutboundIPRanges": "*",
  "traffic.sidecar.istio.io/includeOutboundPorts": "",
};

function traits(pods: Pods, namespace: MeshObject | undefined): string {
  const { annotations, serviceAccount, hostNetwork, runAsUser, runAsGroup, isGateway } = pods;
  return JSON.stringify([
    Object.entries(pods.labels)
      .filter(([key]) => !isWrittenLabel(key))
      .map(([key, value]) => `${key}=${String(value)}`)
      .sort(),
    Object.entries(CAPTURE).map(([key, usual]) => String(annotations[key] ?? usual)),
    [serviceAccount, hostNetwork, runAsUser, runAsGroup, isGateway],
    isGateway || noSidecar(pods.asWorkload(), namespace) === undefined,
  ]);
}
