import { type LoggedCall, REASONS } from "../../graph/traffic/loggedCall";
import { layerOf } from "../../graph/traffic/overMap";
import { pc } from "./colours";

const PAINT = { allowed: pc.green, denied: pc.red, failed: pc.yellow } as const;

/** One call, as `--follow` prints it. */
export function callText(application: string, call: LoggedCall): string {
  const { time, outcome, host, port, reason } = call;
  const words = outcome === "allowed" && reason === "arrived" ? "" : `: ${REASONS[reason]}`;
  return `${moment(time)}  ${PAINT[outcome](outcome.padEnd(7))}  ${application} → ${place(host, port)}  ${layerOf(call)}${words}\n`;
}

/** To the second: "2026-01-31 08:00:00Z". */
export function moment(time: string | undefined): string {
  return time ? `${time.slice(0, "2026-01-31T08:00:00".length).replace("T", " ")}Z` : "";
}

export function place(host: string, port: number | undefined): string {
  if (port === undefined) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
