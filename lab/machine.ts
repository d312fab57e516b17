import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { mountPoints, unmount } from "./mounts";
import { endProcess, ownedProcesses } from "./processes";
import type { Step, StepContext } from "./step";

/** Kernel settings that the lab, kubelet or kube-proxy change. */
const SYSCTLS = [
  "net/ipv4/ip_forward",
  "net/ipv4/icmp_ratelimit",
  "net/ipv4/conf/all/route_localnet",
  "net/ipv4/conf/all/forwarding",
  "net/ipv4/conf/default/forwarding",
  "net/bridge/bridge-nf-call-iptables",
  "net/bridge/bridge-nf-call-ip6tables",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "fs/inotify/max_user_instances",
] as const;

/** What Kubernetes and containerd leave outside the lab's folder, whatever they are told. Outer folders come last. */
const LEFTOVERS = [
  "/var/log/pods",
  "/var/log/containers",
  "/var/lib/kubelet/device-plugins",
  "/var/lib/kubelet",
  "/usr/libexec/kubernetes",
  "/var/lib/cni/results",
  "/var/lib/cni",
  "/run/containerd/runc/k8s.io",
  "/run/containerd/runc",
  "/run/containerd/s",
  "/run/containerd/io.containerd.runtime.v2.task",
  "/run/containerd",
  "/opt/containerd",
  "/run/runc",
] as const;

const NAMED_NAMESPACES = "/run/netns";

/** What the machine was like before the first `up`, so that `down` can give it back. */
interface Before {
  sysctls: Record<string, string>;
  /** Those of LEFTOVERS that were not there. */
  absent: string[];
  /** `ip netns add` mounts this folder over itself the first time. */
  namespacesWereMounted: boolean;
}

/** Kernel settings, and the memory of how the machine was. First up, last down. */
export const machineStep: Step = {
  name: "machine",
  title: "kernel settings",
  needs: [],
  async up({ folders }: StepContext): Promise<void> {
    mkdirSync(folders.state, { recursive: true, mode: 0o700 });
    if (!existsSync(beforeFile(folders))) writeIfNew(beforeFile(folders), JSON.stringify(lookAround()));
    writeSysctl("net/ipv4/ip_forward", "1");
    // Refused calls are answered at once, not one a second.
    writeSysctl("net/ipv4/icmp_ratelimit", "0");
    // Pods on one bridge meet kube-proxy's rules and network policies.
    writeSysctl("net/bridge/bridge-nf-call-iptables", "1");
    if (Number(readSysctl("fs/inotify/max_user_instances")) < 1024)
      writeSysctl("fs/inotify/max_user_instances", "1024");
  },
  async down({ folders }: StepContext): Promise<void> {
    for (const stray of ownedProcesses(folders.state)) await endProcess(stray, 0);
    for (const point of mountPoints(folders.state)) await unmount(point);
    const before = readBefore(folders);
    if (before) {
      for (const [name, value] of Object.entries(before.sysctls)) writeSysctl(name, value);
      for (const path of before.absent) removeLeftover(path);
      if (!before.namespacesWereMounted && mountPoints(NAMED_NAMESPACES).includes(NAMED_NAMESPACES)) {
        await unmount(NAMED_NAMESPACES);
        rmdirSync(NAMED_NAMESPACES);
      }
    }
    rmSync(folders.state, { recursive: true, force: true });
  },
};

function lookAround(): Before {
  const known = SYSCTLS.map((name) => [name, readSysctl(name)] as const).filter(([, value]) => value !== undefined);
  return {
    sysctls: Object.fromEntries(known) as Record<string, string>,
    absent: LEFTOVERS.filter((path) => !existsSync(path)),
    namespacesWereMounted: mountPoints(NAMED_NAMESPACES).includes(NAMED_NAMESPACES),
  };
}

/** An outer folder goes only when it is empty: somebody else may have come to live in it. */
function removeLeftover(path: string): void {
  const isOuter = LEFTOVERS.some((other) => other.startsWith(`${path}/`));
  try {
    if (isOuter) rmdirSync(path);
    else rmSync(path, { recursive: true, force: true });
  } catch {
    // Not empty, or not there.
  }
}

function beforeFile(folders: Folders): string {
  return join(folders.state, "before.json");
}

function readBefore(folders: Folders): Before | undefined {
  return existsSync(beforeFile(folders))
    ? (JSON.parse(readFileSync(beforeFile(folders), "utf8")) as Before)
    : undefined;
}

function readSysctl(name: string): string | undefined {
  const path = `/proc/sys/${name}`;
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

function writeSysctl(name: string, value: string): void {
  const now = readSysctl(name);
  if (now !== undefined && now !== value) writeFileSync(`/proc/sys/${name}`, value);
}
