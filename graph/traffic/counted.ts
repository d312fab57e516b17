import type { Traffic, TrafficEntry } from "./traffic";

/**
 * Every call once: those that a gateway or a refusing sidecar tells, and of those that sidecars handed on the ones whose
 * host and port no gateway's log has (its log is not part of the input, or no gateway stands between).
 */
export function countedCalls({ entries, forwarded }: Traffic): TrafficEntry[] {
  const seen = new Set(entries.filter(({ by }) => by === "gateway").map(placeOf));
  return [...entries, ...forwarded.filter((entry) => !seen.has(placeOf(entry)))];
}

function placeOf({ host, port }: TrafficEntry): string {
  return `${host} ${port}`;
}
