/** What the application sends, before any proxy has touched it. */
import { sniOf } from "./chains";
import type { Wire } from "./gatewayProxy";
import { liveAddress } from "./liveAddress";
import { normalizedPath } from "./pathNormalization";
import type { Request } from "./route";
import { authorityOf } from "./virtualHost";
import type { Walk } from "./walk";

/** The connection as it leaves the application. */
export function firstWire(walk: Walk): Wire {
  const { protocol, workload } = walk.call;
  return {
    tls: protocol === "tls" ? [{ sni: sniOf(walk), kind: "application", serverNames: [] }] : [],
    payload: protocol === "tcp" ? "tcp" : "http",
    request: requestOf(walk, authorityOf(walk)),
    sender: "",
    sourceIp: workload.ip ?? liveAddress(walk, workload),
  };
}

function requestOf(walk: Walk, authority: string): Request {
  const { path = "/", method = "GET", headers = {} } = walk.call;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { authority, path: normalizedPath(walk, path === "" ? "/" : path), method, headers: lower };
}
