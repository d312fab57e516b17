/** What a server of the lab's internet knows of a call. */
export interface Call {
  /** The server's own name, by the address that was dialled. */
  host: string;
  /** The server's own address. */
  address: string;
  method: string;
  path: string;
  hostHeader: string;
  /** The name in the TLS handshake; empty for plain HTTP or when there was none. */
  sni: string;
  protocol: "http" | "https";
  httpVersion: string;
  headers: Record<string, string | string[] | undefined>;
  /** Address of who called: a pod's, so it tells whether the call came through a gateway. */
  peer: string;
}

export interface Answer {
  status: number;
  /** Sent as JSON. */
  body: object;
}

/** Every host says who it is and what it was asked; httpbin.org and its kin know httpbin's own paths as well. */
export function answer(call: Call): Answer {
  return (call.host.endsWith("httpbin.org") ? httpbin(call) : undefined) ?? { status: 200, body: call };
}

function httpbin(call: Call): Answer | undefined {
  const url = new URL(call.path, `${call.protocol}://${call.hostHeader || call.host}`);
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
