import { existsSync, readFileSync } from "node:fs";
import type { Folders } from "./folders";

/** One line of the internet's log: a connection that was opened, or a request on one. */
export interface InternetEvent {
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  event: "connection" | "request";
  protocol: "http" | "https";
  /** The server's address and name. */
  server: string;
  host: string;
  /** Who called: a pod's own address, as nothing on the way masks it. */
  peer: string;
  /** Of a request only. */
  method?: string;
  path?: string;
  hostHeader?: string;
  sni?: string;
}

/** What reached the lab's internet since a moment (default: since it started), oldest first. */
export function readInternetLog(folders: Folders, since: Date = new Date(0)): InternetEvent[] {
  if (!existsSync(folders.internetLog)) return [];
  const lines = readFileSync(folders.internetLog, "utf8").split("\n").filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as InternetEvent);
  return events.filter((event) => event.time >= since.toISOString());
}
