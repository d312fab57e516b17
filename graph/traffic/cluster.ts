import { text } from "./fields";

/** Where a route leads: a cluster's name taken apart. */
export interface ClusterName {
  host: string;
  port: number;
  wildcard: boolean;
  /** Back into the gateway's own pod, for a second look at the connection (graph/objects/loopback.ts). */
  tunnel: boolean;
}

const OUTBOUND = /^outbound\|(\d+)\|[^|]*\|([^;|]+)/;
const TUNNEL = /^lo\.(.+)\.internal$/;
/** What stands for all names under a wildcard where no wildcard can stand (graph/objects/meta.ts: exactName). */
const ANY_NAME = /^any\./;

/**
 * Of `outbound|PORT|SUBSET|HOST` (Istio, `model.BuildSubsetKey`); undefined for any other cluster. Envoy writes the
 * cluster's other name behind a semicolon, also where it has none.
 */
export function clusterOf(value: unknown): ClusterName | undefined {
  const [, port, host] = OUTBOUND.exec(text(value) ?? "") ?? [];
  if (host === undefined) return undefined;
  const inner = TUNNEL.exec(host)?.[1];
  const name = inner === undefined ? host : inner.replace(ANY_NAME, "*.");
  return { host: name, port: Number(port), wildcard: name.startsWith("*"), tunnel: inner !== undefined };
}
