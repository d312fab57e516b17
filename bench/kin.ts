import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { labFolders } from "../lab/folders";
import { programsFolder } from "../lab/programs";
import { writeManifests } from "./manifests";

export interface KinResult {
  name: string;
  value: number;
  unit: string;
}

/** Longest that a tool may take; beyond, the size is more than it can take. */
const PATIENCE = 300_000;
/** Destinations that network-config-analyzer is asked about at most. */
const MOST_FOR_NCA = 1000;
/** No findings; network-config-analyzer's "the answer is no"; istioctl's findings. Anything else was no analysis. */
const ENDED = [0, 1, 79];

/**
 * The nearest tools on the same manifests: `istioctl analyze` (the lab's), and the connectivity query of
 * network-config-analyzer where `nca` is on the path (`pip install network-config-analyzer`). That one refuses
 * endpoints in ServiceEntries, so it gets the manifests without them.
 */
export async function kin(folder: string, size: number): Promise<KinResult[]> {
  const results: KinResult[] = [];
  const istioctl = join(programsFolder(labFolders(), "cluster"), "istioctl");
  if (existsSync(istioctl))
    results.push(await time("istioctl-analyze-time", istioctl, ["analyze", "--use-kube=false", folder]));
  if (size > MOST_FOR_NCA || !(await onPath("nca"))) return results;
  const stripped = `${folder}-without-endpoints`;
  writeManifests(size, stripped, ({ kind, spec, ...rest }) => {
    if (kind !== "ServiceEntry") return { kind, spec, ...rest };
    const { endpoints: _, ...kept } = spec as Record<string, unknown>;
    return { kind, spec: kept, ...rest };
  });
  results.push(await time("network-config-analyzer-time", "nca", ["-r", stripped, "--connectivity"]));
  return results;
}

async function time(name: string, program: string, args: string[]): Promise<KinResult> {
  const start = performance.now();
  const { timedOut, exitCode } = await execa(program, args, {
    reject: false,
    timeout: PATIENCE,
    stdout: "ignore",
    stderr: "ignore",
  });
  if (timedOut) return { name: `${name}-more-than`, value: PATIENCE, unit: "ms" };
  if (exitCode === undefined || !ENDED.includes(exitCode))
    throw new Error(`${program} ${args.join(" ")} ended with ${exitCode}`);
  return { name, value: performance.now() - start, unit: "ms" };
}

async function onPath(program: string): Promise<boolean> {
  const { failed } = await execa("sh", ["-c", `command -v ${program}`], { reject: false });
  return !failed;
}
