import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Folders } from "./folders";
import { ownedProcesses, processesNamed } from "./processes";

/** What the lab asks of a machine: each sentence says what is missing and how to mend it. Empty when all is there. */
export function missingOnHost(): string[] {
  if (process.platform !== "linux") return [`Linux is needed, this is ${process.platform}.`];
  const missing: string[] = [];
  if (process.arch !== "x64") missing.push(`An x86-64 machine is needed, this is ${process.arch}.`);
  if (process.getuid?.() !== 0)
    missing.push("Root is needed (network namespaces, mounts, iptables): run it with sudo -E.");
  missing.push(...missingPrograms());
  return missing;
}

/** The text that a user reads when the lab cannot run here. */
export function hostMessage(missing: readonly string[]): string {
  return [
    "The lab cannot run on this machine:",
    ...missing.map((sentence) => `  - ${sentence}`),
    "Or use a cluster of your own instead: make up CONTEXT=kind-x (a context of your kubeconfig; same stack, Istio's official charts, no lab).",
  ].join("\n");
}

/** The first file of that name on the PATH that may be run, folders in `except` left out. */
export function findProgram(name: string, except: readonly string[] = []): string | undefined {
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !except.includes(folder));
  return folders.map((folder) => join(folder, name)).find(isRunnable);
}

/** Empty when Go is there and recent enough. */
export function missingGo(): string[] {
  const go = goVersion();
  if (go === undefined) return ["Go 1.26 or newer is needed on the PATH: it builds Kubernetes, Istio and Pulumi."];
  return isRecent(go) ? [] : [`Go 1.26 or newer is needed, this is ${go}.`];
}

function missingPrograms(): string[] {
  const missing = missingGo();
  if (!findProgram("apt-get")) {
    missing.push("apt-get is needed (Debian 12 or a kin of it): containerd, runc, etcd come from there.");
  }
  if (!findProgram("python3")) {
    missing.push("Python 3 with pip is needed on the PATH: the Envoy program comes as a wheel.");
  }
  return missing;
}

/**
 * A node of another cluster would share ports, rules and folders with the lab's. Two kube-routers would even work side by
 * side unnoticed, each with rules of its own idea.
 */
export function otherNodes(folders: Folders): string[] {
  const ours = new Set(ownedProcesses(folders.state).map(({ pid }) => pid));
  return ["kubelet", "kube-router"].flatMap((name) =>
    processesNamed(name)
      .filter(({ pid }) => !ours.has(pid))
      .map(({ pid }) => `A ${name} that is not of this lab runs already (process ${pid}): one node a machine.`),
  );
}

function goVersion(): string | undefined {
  try {
    return execFileSync("go", ["env", "GOVERSION"], {
      cwd: "/",
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

function isRecent(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 26);
}

function isRunnable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
