import { type IncomingMessage, request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { finished } from "node:stream/promises";
import type { ClusterClient } from "./clusterClient";
import { splitLines } from "./logFiles";

/** A pod with a proxy of the mesh. */
export interface ProxyPod {
  namespace: string;
  name: string;
  uid: string;
  account: string;
  ip: string;
  gateway: boolean;
}

export interface LogOptions {
  /** RFC 3339: lines from then on. */
  since?: string;
  follow?: boolean;
  /** Each line begins with the moment at which the kubelet got it, RFC 3339, and a space. */
  timestamps?: boolean;
}

interface Pod {
  metadata: { name: string; namespace: string; uid?: string };
  spec?: { serviceAccountName?: string; containers?: Container[]; initContainers?: Container[] };
  status?: { podIP?: string; phase?: string };
}

interface Container {
  name: string;
  args?: string[];
}

const PROXY = "istio-proxy";
const PAGE = 500;

/** Every pod whose proxy has a log. Throws `ApiRefusal`, `CommandError`. */
export async function proxyPods(client: ClusterClient): Promise<ProxyPod[]> {
  const found: ProxyPod[] = [];
  let next = "";
  do {
    const query = new URLSearchParams({ limit: String(PAGE), ...(next !== "" && { continue: next }) });
    const page = await client.get<{ items?: Pod[] | null; metadata?: { continue?: string } }>(`/api/v1/pods?${query}`);
    found.push(...(page.items ?? []).flatMap(proxyPod));
    next = page.metadata?.continue ?? "";
  } while (next !== "");
  return found;
}

function proxyPod({ metadata, spec, status }: Pod): ProxyPod[] {
  // A native sidecar is an init container that goes on.
  const proxy = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(({ name }) => name === PROXY);
  if (proxy === undefined || status?.phase === "Pending") return [];
  const { namespace, name, uid = "" } = metadata;
  const account = spec?.serviceAccountName ?? "default";
  return [{ namespace, name, uid, account, ip: status?.podIP ?? "", gateway: proxy.args?.[1] === "router" }];
}

/** Gives the lines of a proxy's log until it ends. Throws `LogRefusal` where the API server gives none. */
export async function readPodLog(
  client: ClusterClient,
  { namespace, name }: ProxyPod,
  { since, follow, timestamps }: LogOptions,
  onLine: (line: string) => void,
  stop?: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams({ container: PROXY });
  if (since !== undefined) query.set("sinceTime", since);
  if (follow) query.set("follow", "true");
  if (timestamps) query.set("timestamps", "true");
  const response = await opened(client, `/api/v1/namespaces/${namespace}/pods/${name}/log?${query}`, stop);
  if (response.statusCode !== 200) {
    response.resume();
    throw new LogRefusal({ namespace, name }, response.statusCode ?? 0);
  }
  const lines = splitLines(response, onLine);
  response.on("error", (error) => lines.destroy(error));
  await finished(lines);
}

/** No log: not allowed (403), or the pod is gone or not started (404, 400). */
export class LogRefusal extends Error {
  constructor(
    readonly pod: Pick<ProxyPod, "namespace" | "name">,
    readonly status: number,
  ) {
    super(`logs of pod ${pod.namespace}/${pod.name}: HTTP ${status}`);
  }
}

async function opened({ config }: ClusterClient, path: string, signal?: AbortSignal): Promise<IncomingMessage> {
  const url = new URL((config.getCurrentCluster()?.server ?? "").replace(/\/$/, "") + path);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const request = url.protocol === "http:" ? requestHttp : requestHttps;
    request(url, { ...options, ...(signal && { signal }) }, resolve)
      .on("error", reject)
      .end();
  });
}
