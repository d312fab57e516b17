import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { POD_LINK, POD_NETWORK, POD_RANGE } from "./addresses";
import { run, succeeds } from "./commands";
import { removeContainers } from "./containers";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { PAUSE_IMAGE } from "./images";
import type { Step, StepContext } from "./step";

export function containerdSocket(folders: Folders): string {
  return join(containerdFolder(folders), "containerd.sock");
}

export function containerdFolder(folders: Folders): string {
  return join(folders.state, "containerd");
}

/** Runs `ctr` where Kubernetes keeps its images and containers. */
export function ctr(folders: Folders, args: readonly string[]): Promise<string> {
  return run("ctr", ["--address", containerdSocket(folders), "--namespace", "k8s.io", ...args]);
}

/** Containers and the pods' network. Its own containerd: one that the machine runs for Docker is not touched. */
export const containerdStep: Step = {
  name: "containerd",
  title: "containerd",
  needs: ["network"],
  async up({ folders }: StepContext): Promise<void> {
    const files = configuration(folders);
    for (const [path, text] of Object.entries(files)) writeIfNew(path, text);
    await ensureDaemon(folders, containerd(folders, JSON.stringify(files)), () => answers(folders));
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "containerd", 0);
    await removeContainers(folders);
  },
  check: async ({ folders }) => ((await answers(folders)) ? undefined : "it does not answer"),
};

async function answers(folders: Folders): Promise<boolean> {
  return existsSync(containerdSocket(folders)) && succeeds("ctr", ["--address", containerdSocket(folders), "version"]);
}

function containerd(folders: Folders, text: string): Program {
  const config = join(containerdFolder(folders), "config.toml");
  return { name: "containerd", command: "containerd", args: ["--config", config], configuration: text };
}

/** Paths and texts of its configuration. */
function configuration(folders: Folders): Record<string, string> {
  const folder = containerdFolder(folders);
  const network = join(folder, "cni");
  return {
    [join(folder, "config.toml")]: containerdToml(folder, containerdSocket(folders), network),
    [join(network, "10-lab.conflist")]: JSON.stringify(podNetwork(join(folder, "addresses")), undefined, 2),
  };
}

function containerdToml(folder: string, socket: string, network: string): string {
  const criPlugin = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${join(folder, "root")}"
state = "${join(folder, "state")}"
# "opt" would make /opt/containerd; the others are snapshotters that are not used.
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "${socket}"
[${criPlugin}]
  sandbox_image = "${PAUSE_IMAGE}"
  # A machine without CAP_SYS_RESOURCE may not lower the score, and runc would die of it.
  restrict_oom_score_adj = true
[${criPlugin}.cni]
  bin_dir = "${pluginFolder()}"
  conf_dir = "${network}"
`;
}

/** No masquerading: a server of the lab's internet sees the calling pod's own address. */
function podNetwork(dataDir: string): object {
  const ipam = { type: "host-local", ranges: [[{ subnet: POD_RANGE }]], routes: [{ dst: "0.0.0.0/0" }], dataDir };
  return {
    cniVersion: "0.4.0",
    name: POD_NETWORK,
    plugins: [
      { type: "bridge", bridge: POD_LINK, isGateway: true, ipMasq: false, hairpinMode: true, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

/** Debian's folder of the CNI plugins, or the one that other distributions use. */
function pluginFolder(): string {
  const folders = ["/usr/lib/cni", "/opt/cni/bin"];
  return folders.find((folder) => existsSync(folder) && readdirSync(folder).includes("bridge")) ?? "/usr/lib/cni";
}
