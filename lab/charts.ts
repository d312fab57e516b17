import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheKey, makeOnce } from "./cache";
import type { Folders } from "./folders";
import { goModule } from "./goModules";
import type { Step, StepContext } from "./step";

/** Our chart's name → its folder in Istio's Go module. */
const CHARTS = { base: "base", istiod: "istio-control/istio-discovery", gateway: "gateway" } as const;

/** Istio's version as the cluster's go.mod names it. */
export function istioVersion(folders: Folders): string {
  const text = readFileSync(join(folders.project, "lab", "programs", "cluster", "go.mod"), "utf8");
  const version = /^\s*(?:require\s+)?istio\.io\/istio\s+(\S+)/m.exec(text)?.[1];
  if (!version) throw new Error("lab/programs/cluster/go.mod names no version of istio.io/istio");
  return version;
}

/** The folder of the charts: one folder a chart, named base, istiod and gateway. */
export function chartsFolder(folders: Folders): string {
  return join(folders.cache, `charts-${cacheKey([istioVersion(folders), CHARTS, 1])}`);
}

/** Istio's Helm charts, taken from the module that istiod is built from. */
export const chartsStep: Step = {
  name: "charts",
  title: "Istio's charts",
  needs: [],
  async up({ folders }: StepContext): Promise<void> {
    await makeOnce(chartsFolder(folders), async (temporary) => {
      const { folder } = await goModule(folders, "istio.io/istio");
      await mkdir(temporary, { recursive: true });
      for (const [name, source] of Object.entries(CHARTS)) {
        await cp(join(folder, "manifests", "charts", source), join(temporary, name), { recursive: true });
      }
      // Files of Go's module cache are read-only, and so would be their copies.
      await execa("chmod", ["-R", "u+w", temporary]);
    });
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    return existsSync(chartsFolder(folders)) ? undefined : "not copied yet";
  },
};
