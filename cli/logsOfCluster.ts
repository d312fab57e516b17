import type { KnownPod } from "../graph/traffic/proxy";
import { CommandError, NO_PERMISSION, UNAVAILABLE } from "./exit";
import type { LogReading } from "./logs";
import { ApiRefusal, type ClusterClient, clusterClient } from "./read/clusterClient";
import { followCluster } from "./read/clusterFollow";
import { LogRefusal, type ProxyPod, proxyPods, readPodLog } from "./read/clusterLogs";
import { inTurns } from "./read/inTurns";
import type { OnLine } from "./read/logFiles";

type Know = (name: string, pod: KnownPod) => void;

/** Logs at a time. */
const AT_ONCE = 8;

/** Reads the access logs of a cluster's proxies as they are now. Throws `CommandError`. */
export async function readCluster(context: string, reading: LogReading, know: Know, take: OnLine): Promise<void> {
  const client = await clusterClient(context);
  const pods = await podsOf(client, () => proxyPods(client));
  const refused = new Refusals();
  for (const pod of pods) know(pod.name, pod);
  const wanted = pods.filter((pod) => isWanted(pod, reading));
  await inTurns(wanted, AT_ONCE, async (pod) => {
    const { namespace, name } = pod;
    await readPodLog(client, pod, { since: reading.since }, (line) => take(line, { namespace, name })).catch((error) =>
      refused.add(error, pod, reading),
    );
  });
  refused.tell(reading, wanted.length, client);
}

/** The same, and then what they write, until stopped. */
export async function followLogsOfCluster(
  context: string,
  reading: LogReading,
  know: Know,
  take: OnLine,
  stop: AbortSignal,
): Promise<void> {
  const client = await clusterClient(context);
  await podsOf(client, () =>
    followCluster(client, {
      ...(reading.since !== undefined && { since: reading.since }),
      stop,
      onPod: (pod) => {
        know(pod.name, pod);
        return isWanted(pod, reading);
      },
      onLine: (line, { namespace, name }) => take(line, { namespace, name }),
      onRefusal: ({ message }) => reading.onNote(`${message}: not read.`),
    }),
  );
}

function isWanted({ gateway }: ProxyPod, { gatewaysOnly }: LogReading): boolean {
  return gateway || gatewaysOnly !== true;
}

async function podsOf<T>({ context }: ClusterClient, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (error.status === 403)
      throw new CommandError(`context ${context}: you may not list pods. ${BIND}`, NO_PERMISSION);
    throw new CommandError(`context ${context}: the API server answers ${error.message}`, UNAVAILABLE);
  }
}

const BIND = "Bind the ClusterRoles of docs/clusterrole.yaml to who asks.";

/** Logs that could not be read: those of one namespace need not stop the others', but nobody may think they were read. */
class Refusals {
  private readonly forbidden = new Set<string>();
  private count = 0;

  add(error: unknown, { namespace, name }: ProxyPod, { onNote }: LogReading): void {
    if (!(error instanceof LogRefusal)) {
      const why = error instanceof Error ? error.message : error;
      onNote(`Not read to its end: the log of pod ${namespace}/${name} (${why}).`);
      return;
    }
    // A pod that is gone, or whose proxy has not started, has nothing to tell.
    if (error.status !== 403) return;
    this.count++;
    this.forbidden.add(namespace);
  }

  tell({ onNote }: LogReading, all: number, { context }: ClusterClient): void {
    if (this.count === 0) return;
    const where = [...this.forbidden].sort().join(", ");
    if (this.count === all)
      throw new CommandError(`context ${context}: you may not get logs of pods in ${where}. ${BIND}`, NO_PERMISSION);
    onNote(`Not read: the logs of ${this.count} pods in ${where}; you may not get logs of pods there.`);
  }
}
