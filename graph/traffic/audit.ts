/** What access logs say beside what a mesh allows. */

import { isDay } from "../day";
import { EXPIRY_FIX, expiryOf } from "../expiry";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { known } from "../mesh/unknown";
import { LABELS } from "../objects/meta";
import type { EgressMap, MapEdge } from "../reach/map";
import { noted } from "../rules/allowances";
import { countedCalls } from "./counted";
import { type CallerNames, EdgeFinder, earlier, judgedBy, later } from "./overMap";
import type { LineCounts, Traffic, TrafficEntry } from "./traffic";

/** Calls of one application to one place that ended alike. */
export interface AuditedCalls extends TrafficEntry {
  /** "namespace/name" of the application; the caller's identity or address where no application has it. */
  application: string;
  /** They got through, but the objects given allow no such call. */
  unexplained?: true;
}

/** A host and its ports that an application may reach and did not. */
export interface UnusedAllowance {
  application: string;
  host: string;
  ports: number[];
  gateways: string[];
}

export interface ExpiringAllowance {
  application: string;
  destination: string;
  /** `YYYY-MM-DD`. */
  expires: string;
  message: string;
  fix: string;
  owner?: string;
  ticket?: string;
}

export interface AuditReport {
  /** All calls, each counted once; sorted by application and host. */
  calls: AuditedCalls[];
  /** What was allowed and not used in the time of the logs; absent without objects to compare with. */
  unused?: UnusedAllowance[];
  /** Allowances whose end is near, or past; absent without objects. */
  expiring?: ExpiringAllowance[];
  lines: LineCounts;
  /** RFC 3339, UTC: the first and the last call. */
  first?: string;
  last?: string;
}

/** What may happen, where objects say it. */
export interface Allowed {
  map: EgressMap;
  mesh: Mesh;
  names: CallerNames;
  /** `YYYY-MM-DD`. */
  today: string;
}

/** The report; without `allowed` it tells what happened alone. */
export function auditReport(traffic: Traffic, allowed?: Allowed): AuditReport {
  const used = new Set<string>();
  const finder = new EdgeFinder(allowed?.map.edges ?? []);
  const calls = countedCalls(traffic).map((entry): AuditedCalls => {
    const application = allowed?.names(entry.caller) ?? entry.caller;
    const edge = finder.find(application, entry);
    const judged = judgedBy(entry, edge);
    if (edge !== undefined && judged.outcome !== "denied") used.add(keyOf(edge));
    const unexplained = allowed !== undefined && edge === undefined && judged.outcome === "allowed";
    return { application, ...judged, ...(unexplained && { unexplained }) };
  });
  const times = timesOf(calls);
  return {
    calls: calls.sort(byPlace),
    ...(allowed && { unused: unusedOf(allowed.map, used), expiring: expiringOf(allowed) }),
    lines: traffic.lines,
    ...times,
  };
}

function timesOf(calls: readonly AuditedCalls[]): Pick<AuditReport, "first" | "last"> {
  const first = calls.reduce<string | undefined>((soonest, call) => earlier(soonest, call.first), undefined);
  const last = calls.reduce<string | undefined>((latest, call) => later(latest, call.last), undefined);
  return first === undefined ? {} : { first, last };
}

/** By host: an application that uses HTTPS alone has nothing unused but port 80. */
function unusedOf({ edges }: EgressMap, used: ReadonlySet<string>): UnusedAllowance[] {
  const found = new Map<string, UnusedAllowance>();
  for (const edge of edges) {
    const { application, host, port, gateways, verdict } = edge;
    if (used.has(keyOf(edge)) || verdict === "unknown" || application.includes("/*")) continue;
    const key = `${application} ${host}`;
    const own = found.get(key) ?? { application, host, ports: [], gateways };
    if (!own.ports.includes(port)) own.ports.push(port);
    found.set(key, own);
  }
  return [...found.values()];
}

/** Edges of one host and port differ in their requests alone: used is used. */
function keyOf({ application, host, port }: MapEdge): string {
  return `${application} ${host} ${port}`;
}

function expiringOf({ mesh, today }: Allowed): ExpiringAllowance[] {
  return mesh.objects("Sidecar").flatMap((sidecar) => known(() => expiringIn(sidecar, today)) ?? []);
}

function expiringIn(sidecar: MeshObject, today: string): ExpiringAllowance[] {
  return noted(sidecar).flatMap(({ destination, terms }): ExpiringAllowance[] => {
    const { expires, owner, ticket } = terms ?? {};
    const expiry = typeof expires === "string" && isDay(expires) ? expiryOf(expires, today) : undefined;
    if (expiry === undefined || typeof expires !== "string") return [];
    return [
      {
        application: `${sidecar.namespace}/${sidecar.label(LABELS.application) || sidecar.name}`,
        destination,
        expires,
        message: expiry.message,
        fix: EXPIRY_FIX,
        ...(typeof owner === "string" && { owner }),
        ...(typeof ticket === "string" && { ticket }),
      },
    ];
  });
}

function byPlace(a: AuditedCalls, b: AuditedCalls): number {
  const key = ({ application, host, port = 0, outcome, by, gateway = "", reason }: AuditedCalls) =>
    [application, host, String(port).padStart(5, "0"), outcome, by, gateway, reason].join(" ");
  return key(a) < key(b) ? -1 : 1;
}

/** What a report comes to, in calls. */
export function tallyOf({ calls }: Pick<AuditReport, "calls">) {
  const count = (is: (call: AuditedCalls) => boolean) => calls.filter(is).reduce((sum, call) => sum + call.calls, 0);
  return {
    arrived: count(({ outcome }) => outcome === "allowed"),
    denied: count(({ outcome }) => outcome === "denied"),
    failed: count(({ outcome }) => outcome === "failed"),
    direct: count(({ reason }) => reason === "passthrough"),
  };
}
