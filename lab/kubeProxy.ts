import { join } from "node:path";
import { dump } from "js-yaml";
import { NODE_ADDRESS, NODE_NAME, POD_RANGE } from "./addresses";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { isHealthy } from "./health";
import { programsFolder } from "./programs";
import type { Step, StepContext } from "./step";

/** Services: iptables rules that lead their addresses to pods. */
export const kubeProxyStep: Step = {
  name: "kube-proxy",
  title: "services",
  needs: ["apiserver"],
  async up({ folders }: StepContext): Promise<void> {
    const folder = join(folders.state, "kube-proxy");
    const configuration = dump(proxyConfiguration(folders));
    writeIfNew(join(folder, "config.yaml"), configuration);
    await ensureDaemon(folders, proxy(folders, join(folder, "config.yaml"), configuration), answers);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "kube-proxy", 0);
  },
  check: async () => ((await answers()) ? undefined : "it does not answer"),
};

const answers = (): Promise<boolean> => isHealthy("http://127.0.0.1:10256/livez");

function proxy(folders: Folders, config: string, configuration: string): Program {
  const command = join(programsFolder(folders, "cluster"), "kube-proxy");
  return { name: "kube-proxy", command, args: [`--config=${config}`], configuration };
}

function proxyConfiguration(folders: Folders): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clientConnection: { kubeconfig: folders.kubeconfig },
    hostnameOverride: NODE_NAME,
    clusterCIDR: POD_RANGE,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    nodePortAddresses: [`${NODE_ADDRESS}/32`],
    iptables: { localhostNodePorts: false, minSyncPeriod: "100ms" },
    // Zero: leave the machine's own settings of connection tracking alone.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}
