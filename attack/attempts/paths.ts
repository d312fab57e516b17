import { internetAddress } from "../../lab";
import type { Attempt, Through } from "../attempt";
import type { Ground } from "../ground";
import type { Loot } from "./gateways";
import { asProxy, curl, raw, tls } from "./shell";

/** Ways around the limit of one host to `GET /api/*`. None where a layout has no such limit. */
export function pathAttempts({ limited, containerPorts }: Ground, { limitedGateway, own }: Loot): Attempt[] {
  if (limited === undefined || limitedGateway === undefined) return [];
  const { host } = limited;
  const attempt = (title: string, script: string): Attempt => ({
    title: `path limits: ${title}`,
    move: { from: "application", script },
    twin: { from: "application", script: curl(`http://${host}/api/status`) },
    through: outsideLimits(host),
    stoppedBy: "gateway",
    sign: /rbac|403|400/,
  });
  const through = (path: string, method = "GET") =>
    raw(
      internetAddress(host),
      80,
      `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
  const byHand = (path: string) =>
    asProxy(
      tls({
        address: limitedGateway,
        port: containerPorts.http,
        sni: host,
        host,
        line: `GET ${path} HTTP/1.1`,
        certificate: own("application"),
      }),
    );
  return [
    attempt("another path", through("/admin")),
    attempt("../", through("/api/../admin")),
    attempt("%2e%2e/", through("/api/%2e%2e/admin")),
    attempt("..%2f", through("/api/..%2fadmin")),
    attempt("%2e%2e%2f", through("/api/%2e%2e%2fadmin")),
    attempt("//", through("//admin")),
    attempt("mixed case", through("/API/../admin")),
    attempt("backslash", through("/api\\..\\admin")),
    attempt("semicolon", through("/api/..;/admin")),
    attempt("the prefix without its slash", through("/apiadmin")),
    attempt("another method", through("/api/status", "POST")),
    {
      ...attempt("a method in mixed case", through("/api/status", "gEt")),
      stoppedBy: "sidecar",
      shows: /400 Bad Request/,
    },
    attempt("past the sidecar, another path", byHand("/admin")),
    attempt("past the sidecar, ..%2f", byHand("/api/..%2fadmin")),
    attempt("past the sidecar, //", byHand("//admin")),
    attempt("past the sidecar, absolute request line", byHand(`http://${host}/admin`)),
  ];
}

/** A request whose method or path, as the server got it, is not within the limits. */
function outsideLimits(host: string): Through {
  return ({ events }) =>
    events.some(
      (event) =>
        event.event === "request" &&
        event.host === host &&
        !(event.method === "GET" && decoded(event.path ?? "").startsWith("/api/")),
    );
}

/** As a careless server would read it: decoded, then with dots resolved. */
function decoded(path: string): string {
  return new URL(decodeURIComponent(path.split("?")[0] ?? "").replaceAll("\\", "/"), "http://server").pathname;
}
