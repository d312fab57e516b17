import { isIP } from "node:net";
import type { Call, CallProtocol, Workload } from "../graph/explain/types";
import { BAD_QUESTION, CommandError } from "./exit";

/** A question in the words of the command line. */
export interface Question {
  workload: string;
  url: string;
  address?: string;
  method?: string;
  headers?: Record<string, string>;
  serviceAccount?: string;
}

const PROTOCOLS: Readonly<Record<string, { protocol: CallProtocol; port?: number }>> = {
  "http:": { protocol: "http", port: 80 },
  "https:": { protocol: "tls", port: 443 },
  "tcp:": { protocol: "tcp" },
};

/** The call that a question is about. Throws `CommandError`. */
export function callOf(question: Question, workload: Workload): Call {
  const url = parseUrl(question.url);
  const kind = PROTOCOLS[url.protocol];
  if (kind === undefined) throw bad(`"${question.url}" is no http://, https:// or tcp:// URL`);
  const port = url.port === "" ? kind.port : Number(url.port);
  if (port === undefined) throw bad(`"${question.url}" has no port. Write tcp://HOST:PORT`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const address = addressOf(question, host);
  return {
    workload,
    protocol: kind.protocol,
    host,
    port,
    ...(address !== undefined && { address }),
    // Clients send no server name for an address (RFC 6066, section 3).
    ...(kind.protocol === "tls" && isIP(host) !== 0 && { sni: "" }),
    ...(kind.protocol === "http" && {
      path: `${url.pathname || "/"}${url.search}`,
      method: question.method,
      headers: question.headers,
    }),
  };
}

function parseUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (url.hostname !== "") return url;
  } catch {
    // Said below.
  }
  throw bad(`"${text}" is no URL. Write http://HOST, https://HOST or tcp://HOST:PORT`);
}

function addressOf({ address }: Question, host: string): string | undefined {
  if (address !== undefined && isIP(address) === 0) throw bad(`address "${address}" is no IP address`);
  return address ?? (isIP(host) === 0 ? undefined : host);
}

function bad(message: string): CommandError {
  return new CommandError(`${message}.`, BAD_QUESTION);
}
