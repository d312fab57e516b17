import { apiserverStep } from "./apiserver";
import { chartsStep } from "./charts";
import { clusterDnsObjectsStep, clusterDnsStep } from "./clusterDns";
import { containerdStep } from "./containerd";
import { controllersStep } from "./controllers";
import { credentialsStep } from "./credentials";
import { debianStep } from "./debian";
import { envoyStep } from "./envoy";
import { etcdStep } from "./etcd";
import { imagesStep } from "./images";
import { nodeImagesStep, workloadImagesStep } from "./importImages";
import { internetDnsStep, internetStep } from "./internet";
import { internetAuthorityStep } from "./internetAuthority";
import { internetClientsStep } from "./internetClients";
import { kubeletStep } from "./kubelet";
import { kubeProxyStep } from "./kubeProxy";
import { machineStep } from "./machine";
import { networkStep } from "./network";
import { networkPolicyStep } from "./networkPolicy";
import { overlayStep } from "./overlay";
import { podsStep } from "./pods";
import { programSteps } from "./programs";
import { pulumiStep } from "./pulumi";
import { rootfsStep } from "./rootfs";
import type { Step } from "./step";
import { toolsStep } from "./tools";

/** What ends in the cache: made once, then found. */
const making: readonly Step[] = [
  debianStep,
  ...programSteps,
  rootfsStep,
  envoyStep,
  chartsStep,
  internetAuthorityStep,
  imagesStep,
];

/** What runs: `up` in the order of their needs, `down` from the last to the first. */
const running: readonly Step[] = [
  machineStep,
  networkStep,
  internetClientsStep,
  internetStep,
  internetDnsStep,
  credentialsStep,
  etcdStep,
  apiserverStep,
  controllersStep,
  containerdStep,
  nodeImagesStep,
  workloadImagesStep,
  kubeletStep,
  kubeProxyStep,
  networkPolicyStep,
  clusterDnsObjectsStep,
  podsStep,
  clusterDnsStep,
  overlayStep,
  toolsStep,
  pulumiStep,
];

export const STEPS: readonly Step[] = [...making, ...running];

/** The steps of these names with all that they need, in the list's order. Throws on a name that is not there. */
export function withNeeds(names: readonly string[], steps: readonly Step[] = STEPS): Step[] {
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const step = steps.find((each) => each.name === name);
    if (!step)
      throw new Error(`there is no step "${name}"; the steps are: ${steps.map((each) => each.name).join(", ")}`);
    if (wanted.has(name)) return;
    wanted.add(name);
    step.needs.forEach(want);
  };
  names.forEach(want);
  return steps.filter(({ name }) => wanted.has(name));
}
