import { setTimeout as wait } from "node:timers/promises";
import type { ClusterClient } from "./clusterClient";
import { LogRefusal, type ProxyPod, proxyPods, readPodLog } from "./clusterLogs";

export interface Following {
  /** RFC 3339: lines from then on. */
  since?: string;
  /** Told every pod before its first line. Gives false for one that is not wanted. */
  onPod(pod: ProxyPod): boolean;
  onLine(line: string, pod: ProxyPod): void;
  /** Told once for each pod that gives no log. */
  onRefusal(refusal: LogRefusal): void;
  stop: AbortSignal;
}

/** Milliseconds between two looks for new pods, and before a log that ended is asked for again. */
const NEW_PODS = 3000;
const AGAIN = 1000;

/**
 * Follows the logs of all proxies of a cluster until stopped: pods that come are followed too, and a log that ends
 * early (the API server closes long answers) goes on where it was. Throws `CommandError` where the cluster never answered.
 */
export async function followCluster(client: ClusterClient, following: Following): Promise<void> {
  const { stop } = following;
  const followed = new Map<string, Promise<void>>();
  let answered = false;
  while (!stop.aborted) {
    const pods = await proxyPods(client).catch((error) => {
      // A cluster that has answered once will again.
      if (answered) return [];
      throw error;
    });
    answered = true;
    for (const pod of pods) {
      if (followed.has(pod.uid)) continue;
      followed.set(pod.uid, following.onPod(pod) ? followPod(client, pod, following) : Promise.resolve());
    }
    await wait(NEW_PODS, undefined, { signal: stop }).catch(() => {});
  }
  await Promise.all(followed.values());
}

async function followPod(client: ClusterClient, pod: ProxyPod, following: Following): Promise<void> {
  const { onLine, onRefusal, stop, since } = following;
  let last = "";
  const take = (stamped: string) => {
    const space = stamped.indexOf(" ");
    const stamp = padded(stamped.slice(0, space));
    // The API server knows seconds only, so a log that goes on repeats lines.
    if (stamp <= last) return;
    last = stamp;
    onLine(stamped.slice(space + 1), pod);
  };
  while (!stop.aborted) {
    const from = last === "" ? since : `${last.slice(0, SECONDS)}Z`;
    try {
      await readPodLog(client, pod, { follow: true, timestamps: true, since: from }, take, stop);
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof LogRefusal) {
        // Gone (404), or never to be seen (403); one that has not started yet (400) will be.
        if (error.status === 403) onRefusal(error);
        if (error.status === 403 || error.status === 404) return;
      }
    }
    await wait(AGAIN, undefined, { signal: stop }).catch(() => {});
  }
}

const SECONDS = "2026-01-01T00:00:00".length;

/** The kubelet drops zeros at the end of a fraction: "…:07.12Z" and "…:07.123456789Z" do not compare as texts. */
function padded(stamp: string): string {
  const fraction = stamp.slice(SECONDS + 1, -1);
  return `${stamp.slice(0, SECONDS)}.${fraction.padEnd(9, "0")}`;
}
