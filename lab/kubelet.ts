import { join } from "node:path";
import { dump } from "js-yaml";
import { DNS_SERVICE_ADDRESS, INTERNET_DNS, NODE_ADDRESS, NODE_NAME } from "./addresses";
import { apiObject } from "./api";
import { containerdSocket } from "./containerd";
import { credentials } from "./credentials";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { isHealthy } from "./health";
import { removeKubernetesChains } from "./iptables";
import { programsFolder } from "./programs";
import type { Step, StepContext } from "./step";
import { waitUntil } from "./wait";

/** The node. */
export const kubeletStep: Step = {
  name: "kubelet",
  title: "the node",
  needs: ["apiserver", "containerd"],
  async up({ folders }: StepContext): Promise<void> {
    const folder = join(folders.state, "kubelet");
    // Pods with `dnsPolicy: Default`, cluster DNS among them, ask the lab's internet and never this machine's resolver.
    writeIfNew(join(folder, "resolv.conf"), `nameserver ${INTERNET_DNS}\n`);
    const configuration = dump(kubeletConfiguration(folders, folder));
    writeIfNew(join(folder, "config.yaml"), configuration);
    await ensureDaemon(folders, kubelet(folders, folder, configuration), () =>
      isHealthy("http://127.0.0.1:10248/healthz"),
    );
    if (await waitUntil(async () => (await problem(folders)) === undefined, { timeoutMs: 60_000 })) return;
    throw new Error(`in 60 s, ${await problem(folders)}`);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "kubelet", 0);
    await removeKubernetesChains();
  },
  check: ({ folders }) => problem(folders),
};

interface Node {
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

async function problem(folders: Folders): Promise<string | undefined> {
  if (!(await isHealthy("http://127.0.0.1:10248/healthz"))) return "the kubelet does not answer";
  const node = await apiObject<Node>(folders, `/api/v1/nodes/${NODE_NAME}`);
  const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? undefined : `the node is not ready: ${ready?.message ?? "not registered yet"}`;
}

function kubelet(folders: Folders, folder: string, configuration: string): Program {
  return {
    name: "kubelet",
    command: join(programsFolder(folders, "cluster"), "kubelet"),
    args: [
      `--config=${join(folder, "config.yaml")}`,
      `--kubeconfig=${folders.kubeconfig}`,
      `--root-dir=${folder}`,
      `--cert-dir=${join(folder, "pki")}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${NODE_ADDRESS}`,
    ],
    configuration,
  };
}

function kubeletConfiguration(folders: Folders, folder: string): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: NODE_ADDRESS,
    readOnlyPort: 0,
    healthzBindAddress: "127.0.0.1",
    // Only the API server's client certificate opens the kubelet: a pod must not.
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: credentials(folders).authority },
    },
    authorization: { mode: "AlwaysAllow" },
    containerRuntimeEndpoint: `unix://${containerdSocket(folders)}`,
    clusterDomain: "cluster.local",
    clusterDNS: [DNS_SERVICE_ADDRESS],
    resolvConf: join(folder, "resolv.conf"),
    podLogsDir: join(folder, "pod-logs"),
    volumePluginDir: join(folders.state, "volume-plugins"),
    // What a small machine without systemd, with swap or with cgroups of version 1, asks for.
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    evictionHard: Object.fromEntries(EVICTION_SIGNALS.map((signal) => [signal, "0%"])),
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    maxPods: 200,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
  };
}

const EVICTION_SIGNALS = ["memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available"];
