import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { POD_RANGE } from "./addresses";
import { run, succeeds } from "./commands";
import type { Folders } from "./folders";
import { mountPoints, unmount } from "./mounts";
import { endProcess, identify, ownedProcesses } from "./processes";
import { waitUntil } from "./wait";

/**
 * Ends every container of the lab and takes away what it leaves: by force and in the same way from every state, also
 * when containerd died long ago. Containers are known by the ids in containerd's folder, their processes by the cgroup
 * of that name, their shims by the environment that they inherited.
 */
export async function removeContainers(folders: Folders): Promise<void> {
  const ids = containerIds(folders);
  const cgroups = containerCgroups(ids);
  for (const pid of cgroups.flatMap(processesIn)) {
    const identity = identify(pid);
    if (identity) await endProcess(identity, 0);
  }
  for (const shim of ownedProcesses(folders.state)) await endProcess(shim, 0);
  await waitUntil(() => cgroups.every((cgroup) => processesIn(cgroup).length === 0), {
    intervalMs: 20,
    timeoutMs: 10_000,
  });
  for (const point of mountPoints(folders.state)) await unmount(point);
  removeEmptyCgroups();
  for (const id of ids) rmSync(join("/run/containerd/runc/k8s.io", id), { recursive: true, force: true });
  removeDeadSockets();
  await removePodNamespaces();
}

/** Where containerd keeps a folder for each container with a process. */
export function tasksFolder(folders: Folders): string {
  return join(folders.state, "containerd", "state", "io.containerd.runtime.v2.task", "k8s.io");
}

function containerIds(folders: Folders): string[] {
  const tasks = tasksFolder(folders);
  return existsSync(tasks) ? readdirSync(tasks) : [];
}

function containerCgroups(ids: readonly string[]): string[] {
  return kubernetesCgroups()
    .flatMap((parent) => ids.map((id) => join(parent, id)))
    .filter((path) => existsSync(path));
}

/** containerd's parent of all containers, in every hierarchy of version 1, or in the single one of version 2. */
function kubernetesCgroups(): string[] {
  const roots = ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name))];
  return roots.map((root) => join(root, "k8s.io")).filter((path) => existsSync(path));
}

function processesIn(cgroup: string): number[] {
  try {
    const own = readFileSync(join(cgroup, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    return [...own, ...childCgroups(cgroup).flatMap(processesIn)];
  } catch {
    return [];
  }
}

/** Also those of containers whose containerd is long forgotten; the kernel keeps every cgroup that has a process. */
function removeEmptyCgroups(): void {
  for (const parent of kubernetesCgroups()) removeCgroup(parent);
}

function removeCgroup(cgroup: string): void {
  for (const child of childCgroups(cgroup)) removeCgroup(child);
  try {
    rmdirSync(cgroup);
  } catch {
    // Gone, or somebody else's containers are in it.
  }
}

function childCgroups(cgroup: string): string[] {
  const entries = readdirSync(cgroup, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(cgroup, name));
}

/** Shims that were killed leave their sockets in a folder that all of a machine's containerds share. */
function removeDeadSockets(): void {
  const folder = "/run/containerd/s";
  if (!existsSync(folder)) return;
  const open = readFileSync("/proc/net/unix", "utf8");
  for (const name of readdirSync(folder)) {
    if (!open.includes(join(folder, name))) rmSync(join(folder, name), { force: true });
  }
}

/** The pods' network namespaces: those that hold an address of the lab's pods, or nothing but a loopback device. */
async function removePodNamespaces(): Promise<void> {
  const folder = "/run/netns";
  if (!existsSync(folder)) return;
  const prefix = POD_RANGE.replace(/0\/\d+$/, "");
  for (const name of readdirSync(folder).filter((each) => each.startsWith("cni-"))) {
    const addresses = await run("ip", ["-n", name, "-o", "-4", "address", "show"]).catch(() => "");
    const others = addresses.split("\n").filter((line) => line !== "" && !/^\d+: lo\b/.test(line));
    if (others.every((line) => line.includes(` ${prefix}`))) await succeeds("ip", ["netns", "delete", name]);
    if (existsSync(join(folder, name)) && addresses === "") rmSync(join(folder, name), { force: true });
  }
}
