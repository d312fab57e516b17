import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { labPaths } from "../../../lab";
import { kubernetesChains } from "../../../lab/iptables";
import { mountPoints } from "../../../lab/mounts";
import { policySets } from "../../../lab/networkPolicy";
import { OWNER_VARIABLE } from "../../../lab/processes";
import { processesWith } from "../../support/processes";

/** What of a machine the lab changes while it runs; equal before `up` and after `down`. */
export interface Machine {
  links: string[];
  namespaces: string[];
  mounts: string[];
  routes: string[];
  chains: string[];
  /** Sets of addresses that network policies are made of. */
  sets: string[];
  cgroups: string[];
  processes: string[];
  sysctls: Record<string, string>;
  folders: string[];
}

const SYSCTLS = [
  "net/ipv4/ip_forward",
  "net/ipv4/icmp_ratelimit",
  "vm/overcommit_memory",
  "kernel/panic",
  "kernel/panic_on_oops",
];

const FOLDERS = [
  "/run/controlled-egress",
  "/run/containerd",
  "/run/netns",
  "/var/lib/cni",
  "/var/lib/kubelet",
  "/var/log/pods",
  "/var/log/containers",
  "/usr/libexec/kubernetes",
  "/opt/containerd",
];

export async function look(): Promise<Machine> {
  return {
    links: names(await ip("-o", "link", "show"), /^\d+: ([^:@]+)/),
    namespaces: names(await ip("netns", "list"), /^(\S+)/),
    mounts: ourMounts(),
    routes: names(await ip("route", "show"), /^(.*\S)/),
    chains: await kubernetesChains(),
    sets: await policySets(),
    cgroups: kubernetesCgroups(),
    processes: ownProcesses().map(({ command }) => command),
    sysctls: Object.fromEntries(SYSCTLS.map((name) => [name, readFileSync(join("/proc/sys", name), "utf8").trim()])),
    folders: [...FOLDERS, labPaths().state].filter((path) => existsSync(path)),
  };
}

/** The lab's own processes: daemons, shims and whatever they started on this machine. */
export function ownProcesses(): { pid: number; command: string }[] {
  return processesWith(`${OWNER_VARIABLE}=${labPaths().state}`);
}

/** The process id of each daemon, by name. */
export function daemons(): Record<string, number> {
  const { pids } = labPaths();
  if (!existsSync(pids)) return {};
  const read = (file: string): number => (JSON.parse(readFileSync(join(pids, file), "utf8")) as { pid: number }).pid;
  return Object.fromEntries(readdirSync(pids).map((file) => [file.replace(/\.json$/, ""), read(file)]));
}

/** What a power cut leaves: no process, but every file. */
export function killEverything(): void {
  const contained = containerCgroups().flatMap((path) => readFileSync(join(path, "cgroup.procs"), "utf8").split("\n"));
  for (const pid of [...ownProcesses().map((one) => one.pid), ...contained.filter(Boolean).map(Number)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It went with its parent.
    }
  }
}

/** The boot of before: process ids in the lab's folder mean nothing any more, and what lay in /run is gone. */
export async function forgetBoot(): Promise<void> {
  const { state } = labPaths();
  for (const point of mountPoints(state)) await execa("umount", ["--lazy", point], { reject: false });
  for (const link of ["egress-net", "egress-node"]) await execa("ip", ["link", "delete", link], { reject: false });
  rmSync("/run/controlled-egress", { recursive: true, force: true });
}

function ourMounts(): string[] {
  return [...mountPoints(labPaths().state), ...mountPoints("/run/netns")];
}

function containerCgroups(): string[] {
  const parents = ["/sys/fs/cgroup/pids/k8s.io", "/sys/fs/cgroup/k8s.io"].filter((path) => existsSync(path));
  return parents.flatMap((parent) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(parent, entry.name)),
  );
}

function kubernetesCgroups(): string[] {
  const roots = ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name))];
  return roots.map((root) => join(root, "k8s.io")).filter((path) => existsSync(path));
}

async function ip(...args: string[]): Promise<string> {
  return (await execa("ip", args)).stdout;
}

function names(text: string, pattern: RegExp): string[] {
  return text
    .split("\n")
    .map((line) => pattern.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}
