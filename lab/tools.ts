import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { containerdSocket } from "./containerd";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { programsFolder } from "./programs";
import type { Step, StepContext } from "./step";

/** The bin folder: what a user of the lab types. */
export const toolsStep: Step = {
  name: "tools",
  title: "commands in the bin folder",
  needs: ["build-cluster", "machine"],
  async up({ folders }: StepContext): Promise<void> {
    const cluster = programsFolder(folders, "cluster");
    for (const name of ["kubectl", "istioctl"]) linkProgram(folders, name, join(cluster, name));
    const script = `#!/bin/sh\nexec /usr/bin/ctr --address '${containerdSocket(folders)}' --namespace k8s.io "$@"\n`;
    writeIfNew(join(folders.bin, "ctr"), script, 0o755);
  },
};

/** Puts a program into the lab's bin folder; also for other steps. */
export function linkProgram(folders: Folders, name: string, target: string): void {
  const link = join(folders.bin, name);
  mkdirSync(folders.bin, { recursive: true });
  if (existsSync(link) && readlinkSync(link) === target) return;
  rmSync(link, { force: true });
  symlinkSync(target, link);
}
