import { existsSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Folders } from "./folders";

/**
 * One line of the internet's log: a connection that was opened, a request on one, a DNS query, bytes that are neither
 * (`data`; `malformed` where HTTP was expected), or a TLS handshake that failed while the caller was still there
 * (`refused`, whichever side refused; a failed one may also show as a connection without a request).
 */
export interface InternetEvent {
  /** ISO 8601, UTC, milliseconds. */
  time: string;
  event: "connection" | "request" | "query" | "data" | "malformed" | "refused";
  protocol: "http" | "https" | "h2c" | "tcp" | "udp" | "dns";
  /** The server's address, name and port. */
  server: string;
  host: string;
  port: number;
  /** Who called: a pod's own address, as nothing on the way masks it. */
  peer: string;
  /** Of a request only. */
  method?: string;
  path?: string;
  hostHeader?: string;
  sni?: string;
  /** Of a DNS query only: what was asked, e.g. `x.attacker.example` and `TXT`. */
  name?: string;
  recordType?: string;
  /** Of `data` and `malformed`: the first 1,000 characters of what came. Of `refused`: why, as Node names it. */
  text?: string;
}

/** Writes a line, with the time, before it returns. */
export type InternetRecorder = (event: Omit<InternetEvent, "time">) => void;

export function openInternetLog(folders: Folders): InternetRecorder {
  const log = openSync(folders.internetLog, "a");
  return (event) => void writeSync(log, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}

/** Bytes as the log shows them. */
export function shownText(bytes: Buffer): string {
  return bytes.toString("utf8").slice(0, 1_000);
}

/** What reached the lab's internet since a moment (default: since it started), oldest first. */
export function readInternetLog(folders: Folders, since: Date = new Date(0)): InternetEvent[] {
  if (!existsSync(folders.internetLog)) return [];
  const lines = readFileSync(folders.internetLog, "utf8").split("\n").filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as InternetEvent);
  return events.filter((event) => event.time >= since.toISOString());
}
