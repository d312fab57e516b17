import { bySpecificity, isWildcard, subsetOf } from "../mesh/hosts";
import type { DeniedCall, EgressMap, MapEdge, MapTraffic } from "../reach/map";
import { countedCalls } from "./counted";
import type { Traffic, TrafficEntry } from "./traffic";

/** The id that a map has for a caller ("namespace/account"); the caller itself where it has none. */
export type CallerNames = (caller: string) => string;

/** The map with what really flowed on its edges, and what was denied and no edge allows. */
export function withTraffic(map: EgressMap, traffic: Traffic, names: CallerNames): EgressMap {
  const edges = map.edges.map((edge): MapEdge => ({ ...edge, traffic: { calls: 0, denied: 0 } }));
  const finder = new EdgeFinder(edges);
  const denied = new Map<string, DeniedCall>();
  let first: string | undefined;
  let last: string | undefined;
  for (const entry of countedCalls(traffic)) {
    first = earlier(first, entry.first);
    last = later(last, entry.last);
    const application = names(entry.caller);
    const edge = finder.find(application, entry);
    if (edge?.traffic !== undefined) addTo(edge.traffic, judgedBy(entry, edge));
    else if (entry.outcome === "denied") addDenied(denied, application, entry);
  }
  return {
    ...map,
    edges,
    denied: [...denied.values()].sort(byPlace),
    ...(first !== undefined && last !== undefined && { observed: { first, last } }),
  };
}

/** The edge that allows a call: the one that names the host, else the nearest wildcard, else the one for any host. */
export class EdgeFinder<E extends Pick<MapEdge, "application" | "host" | "port">> {
  private readonly exact = new Map<string, E>();
  /** By host alone: a gateway that originates TLS may log another port than the one dialled. */
  private readonly anyPort = new Map<string, E>();
  private readonly wild = new Map<string, E[]>();

  constructor(edges: readonly E[]) {
    for (const edge of edges) {
      const key = `${edge.application} ${edge.host} ${edge.port}`;
      // Several edges of one host and port differ in the requests that they are for, which no TLS line tells.
      if (!this.exact.has(key)) this.exact.set(key, edge);
      const portless = `${edge.application} ${edge.host}`;
      if (!this.anyPort.has(portless)) this.anyPort.set(portless, edge);
      if (!isWildcard(edge.host)) continue;
      const own = this.wild.get(edge.application) ?? [];
      own.push(edge);
      this.wild.set(edge.application, own);
    }
    for (const own of this.wild.values()) own.sort((a, b) => bySpecificity(a.host, b.host));
  }

  find(application: string, { host, port, by, outcome }: Pick<TrafficEntry, "host" | "port" | "by" | "outcome">) {
    return (
      this.exact.get(`${application} ${host} ${port}`) ??
      this.wild.get(application)?.find((edge) => edge.port === port && subsetOf(host, edge.host)) ??
      (by === "gateway" && outcome === "allowed" ? this.anyPort.get(`${application} ${host}`) : undefined)
    );
  }
}

/** A connection without a byte of somebody who may: he closed it himself, nobody refused him. */
export function judgedBy<E extends TrafficEntry>(entry: E, edge: object | undefined): E {
  return edge !== undefined && entry.by === "gateway" && entry.reason === "identity"
    ? { ...entry, outcome: "allowed", reason: "silent" }
    : entry;
}

function addTo(traffic: MapTraffic, { calls, outcome, last }: TrafficEntry): void {
  traffic.calls += calls;
  if (outcome === "denied") traffic.denied += calls;
  const seen = later(traffic.lastSeen, last);
  if (seen !== undefined) traffic.lastSeen = seen;
}

function addDenied(denied: Map<string, DeniedCall>, application: string, entry: TrafficEntry): void {
  const { host, port = 0, calls, last } = entry;
  const by = layerOf(entry);
  const key = `${application} ${host} ${port} ${by}`;
  const found = denied.get(key) ?? { application, host, port, calls: 0, by };
  found.calls += calls;
  const seen = later(found.lastSeen, last);
  denied.set(key, { ...found, ...(seen !== undefined && { lastSeen: seen }) });
}

/** "sidecar", or "gateway" with its name where the line has it. */
export function layerOf({ by, gateway }: Pick<TrafficEntry, "by" | "gateway">): string {
  return by === "gateway" && gateway !== undefined ? `gateway ${gateway}` : by;
}

function byPlace(a: DeniedCall, b: DeniedCall): number {
  const key = ({ application, host, port, by }: DeniedCall) =>
    [application, host, String(port).padStart(5, "0"), by].join(" ");
  return key(a) < key(b) ? -1 : 1;
}

export function earlier(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b < a) ? (b ?? a) : a;
}

export function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b > a) ? (b ?? a) : a;
}
