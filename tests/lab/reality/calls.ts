import type { Call, Workload } from "../../../graph/explain/types";

/** A call of a case: from the application `from` (`a`, `b`, `c`, `d`, `plain`), with what `Call` knows of it. */
export interface RealCall extends Omit<Call, "workload"> {
  from: string;
  /** Times that it is made, so that every outcome of weights is seen; default 1. */
  repeat?: number;
}

export const NAMESPACE_OF: Record<string, string> = { a: "app", b: "app", d: "app", plain: "app", c: "app2" };

/** `a https://x.com[:port][/path]`, `http`, `tcp`; more by fields. */
export type WrittenCall = string | (Partial<RealCall> & { call: string });

export function readCall(written: WrittenCall): RealCall {
  const { call, ...rest } = typeof written === "string" ? { call: written } : written;
  const [, from = "", scheme, host, port, path] =
    /^(\w+) (https?|tcp):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(call) ?? [];
  if (NAMESPACE_OF[from] === undefined || host === undefined) throw new Error(`bad call ${call}`);
  const protocol = scheme === "https" ? "tls" : (scheme as "http" | "tcp");
  const isAddress = /^[\d.]+$/.test(host);
  return {
    from,
    protocol,
    ...(isAddress ? { address: host } : { host }),
    port: Number(port ?? (scheme === "https" ? 443 : 80)),
    ...(path !== undefined && { path }),
    ...rest,
  };
}

/** The question to `explain` for a call. The port that a URL does not show is in the Host header, as curl sends it. */
export function question({ from: _from, repeat: _repeat, ...call }: RealCall, workload: Workload): Call {
  return { ...call, workload };
}

/** curl's arguments for a call; `mark` goes into the URL, to find the call again in the internet's log. */
export function curlArguments(call: RealCall, mark: string): string[] {
  const { protocol, host, address, port, method, headers = {}, authority, httpVersion } = call;
  const scheme = protocol === "tls" ? "https" : "http";
  const name = call.sni === "" ? (address ?? host ?? "") : (call.sni ?? host ?? address ?? "");
  const args = ["-k", "--max-time", "5"];
  // HTTP/1.0 is no HTTP to a sidecar (Istio's PILOT_HTTP10): bytes of another protocol, which the internet understands.
  if (protocol === "tcp" || httpVersion === "1.0") args.push("--http1.0");
  if (httpVersion === "2" && protocol === "http") args.push("--http2-prior-knowledge");
  if (address !== undefined && name !== address) args.push("--connect-to", `${name}:${port}:${address}:${port}`);
  else if (address === undefined && name !== host) args.push("--connect-to", `${name}:${port}:${host}:${port}`);
  if (method !== undefined) args.push("-X", method);
  if (authority !== undefined) args.push("-H", `Host: ${authority}`);
  for (const [key, value] of Object.entries(headers)) args.push("-H", `${key}: ${value}`);
  const path = call.path ?? "/";
  return [...args, `${scheme}://${name}:${port}${path}${path.includes("?") ? "&" : "?"}n=${mark}`];
}
