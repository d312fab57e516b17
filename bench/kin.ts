import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { labFolders } from "../lab/folders";

export interface KinResult {
  name: string;
  value: number;
  unit: string;
}

/** Longest that a tool may take; beyond, the size is more than it can take. */
const PATIENCE = 300_000;
/** No findings; network-config-analyzer's "the answer is no"; istioctl's findings. Anything else was no analysis. */
const ENDED = [0, 1, 79];
/** Destinations that network-config-analyzer is asked about at most: its time grows with their square. */
const MOST_FOR_NCA = 100;

/**
 * The nearest tools on the same manifests: `istioctl analyze` (the lab's), and the connectivity query of
 * network-config-analyzer where `nca` is on the path (`pip install network-config-analyzer`).
 */
export async function kin(folder: string, size: number): Promise<KinResult[]> {
  const istioctl = join(labFolders().bin, "istioctl");
  return [
    ...(existsSync(istioctl)
      ? [await time("istioctl-analyze-time", istioctl, ["analyze", "--use-kube=false", folder])]
      : []),
    ...(size <= MOST_FOR_NCA && (await onPath("nca"))
      ? [await time("network-config-analyzer-time", "nca", ["--connectivity", "-r", folder, "-q"])]
      : []),
  ];
}

async function time(name: string, program: string, args: string[]): Promise<KinResult> {
  const start = performance.now();
  // Its findings end it with another code than 0: only that it comes to an end matters.
  const { timedOut, exitCode } = await execa(program, args, {
    reject: false,
    timeout: PATIENCE,
    stdout: "ignore",
    stderr: "ignore",
  });
  if (exitCode !== undefined && !ENDED.includes(exitCode))
    throw new Error(`${program} ${args.join(" ")} ended with ${exitCode}`);
  if (timedOut || exitCode === undefined) return { name: `${name}-more-than`, value: PATIENCE, unit: "ms" };
  return { name, value: performance.now() - start, unit: "ms" };
}

async function onPath(program: string): Promise<boolean> {
  const { failed } = await execa("sh", ["-c", `command -v ${program}`], { reject: false });
  return !failed;
}
