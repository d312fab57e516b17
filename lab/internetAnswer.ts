/** What a server of the lab's internet knows of a call. */
export interface Call {
  /** The server's own name, by the address that was dialled. */
  host: string;
  /** The server's own address and port. */
  address: string;
  port: number;
  method: string;
  /** As it was written: neither decoded nor normalized; of an absolute-form request line, the whole URL. */
  path: string;
  hostHeader: string;
  /** The name in the TLS handshake; empty for plain HTTP or when there was none. */
  sni: string;
  /** Subject of the caller's certificate, e.g. `CN=lab-client`; empty when it showed none. Asked for by `mutual.example` only. */
  clientCertificate: string;
  protocol: "http" | "https" | "h2c";
  httpVersion: string;
  headers: Record<string, string | string[] | undefined>;
  /** Every header as it came: names as written, in order, repeated ones too; of HTTP/2 with the pseudo-headers. */
  rawHeaders: [name: string, value: string][];
  /** At most 64 KiB, as UTF-8. */
  body: string;
  /** Address of who called: a pod's, so it tells whether the call came through a gateway. */
  peer: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body: object;
}

/**
 * Every host says who it is and what it was asked, and redirects `/redirect?to=URL`; httpbin.org and its kin know
 * httpbin's own paths as well. Whatever the path and the headers, it does not throw.
 */
export function answer(call: Call): Answer {
  const special = redirect(call) ?? (call.host.endsWith("httpbin.org") ? httpbin(call) : undefined);
  return special ?? { status: 200, body: call };
}

function redirect(call: Call): Answer | undefined {
  const [, query] = /^\/redirect\?(.*)$/s.exec(call.path) ?? [];
  const to = query === undefined ? null : new URLSearchParams(query).get("to");
  if (to === null) return undefined;
  if (!URL.canParse(to)) return { status: 400, body: { problem: "`to` is not a URL", lab: call } };
  return { status: 302, headers: { location: new URL(to).href }, body: call };
}

function httpbin(call: Call): Answer | undefined {
  const base = `${call.protocol === "https" ? "https" : "http"}://${call.hostHeader || call.host}`;
  if (!URL.canParse(call.path, base)) return undefined;
  const url = new URL(call.path, base);
  const common = { headers: titleCase(call.headers), origin: call.peer, url: url.href, lab: call };
  const [, first, second] = url.pathname.split("/");
  switch (first) {
    case "headers":
      return { status: 200, body: { headers: common.headers, lab: call } };
    case "ip":
      return { status: 200, body: { origin: call.peer, lab: call } };
    case "user-agent":
      return { status: 200, body: { "user-agent": call.headers["user-agent"] ?? null, lab: call } };
    case "get":
    case "post":
    case "put":
    case "delete":
    case "anything":
      return { status: 200, body: { args: Object.fromEntries(url.searchParams), method: call.method, ...common } };
    case "status":
      return { status: statusCode(second), body: { status: statusCode(second), lab: call } };
    default:
      return undefined;
  }
}

function statusCode(text: string | undefined): number {
  const code = Number(text);
  return Number.isInteger(code) && code >= 200 && code <= 599 ? code : 400;
}

/** httpbin shows header names as `User-Agent`. */
function titleCase(headers: Call["headers"]): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase()),
    String(value),
  ]);
  return Object.fromEntries(entries);
}
