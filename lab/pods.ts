import { existsSync } from "node:fs";
import { join } from "node:path";
import { apiObject } from "./api";
import { tasksFolder } from "./containers";
import type { Folders } from "./folders";
import type { Step, StepContext } from "./step";
import { waitUntil } from "./wait";

interface Pod {
  metadata: { deletionTimestamp?: string };
  status?: {
    containerStatuses?: { containerID?: string; ready?: boolean; state?: { running?: object } }[];
  };
}

/**
 * After a crash or a reboot the pods of before are Running and Ready in the database, though their containers are gone:
 * for some ten seconds, until the kubelet has started them anew. This waits for them, so that a call right after `up` is
 * answered. A pod that does not get ready of itself does not hold up the lab.
 */
export const podsStep: Step = {
  name: "pods",
  title: "pods of before, started anew",
  needs: ["cluster-dns-objects", "controllers", "kubelet", "kube-proxy"],
  async up({ folders, say }: StepContext): Promise<void> {
    if (!(await hasDeadPods(folders))) return;
    say("their containers are gone");
    await waitUntil(async () => !(await hasDeadPods(folders)), { intervalMs: 200, timeoutMs: 60_000 });
    await waitUntil(async () => (await pods(folders)).every(isReady), { intervalMs: 200, timeoutMs: 30_000 });
  },
  check: async ({ folders }) => ((await hasDeadPods(folders)) ? "containers that should run are gone" : undefined),
};

async function hasDeadPods(folders: Folders): Promise<boolean> {
  const ids = (await pods(folders)).flatMap(runningIds);
  return ids.some((id) => !existsSync(join(tasksFolder(folders), id)));
}

async function pods(folders: Folders): Promise<Pod[]> {
  const list = await apiObject<{ items: Pod[] }>(folders, "/api/v1/pods");
  return (list?.items ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Ids of the containers that the API server takes for running; there they look like `containerd://ID`. */
function runningIds(pod: Pod): string[] {
  const running = (pod.status?.containerStatuses ?? []).filter(({ state }) => state?.running);
  return running.map(({ containerID }) => containerID?.replace(/^.*:\/\//, "") ?? "").filter(Boolean);
}

function isReady(pod: Pod): boolean {
  return (pod.status?.containerStatuses ?? []).every(({ ready, state }) => ready || !state?.running);
}
