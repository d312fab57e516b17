import type { Attempt, Through } from "../attempt";
import type { Ground } from "../ground";
import { addressOf, curl, raw } from "./shell";

/** Ways around the limit of one host to `GET /api/*`. None where a layout has no such limit. */
export function pathAttempts({ limited }: Ground): Attempt[] {
  if (limited === undefined) return [];
  const attempt = (title: string, script: string): Attempt => ({
    title: `path limits: ${title}`,
    move: { from: "application", script },
    twin: { from: "application", script: curl(`http://${limited}/api/status`) },
    through: outsideLimits(limited),
    stoppedBy: "gateway",
    sign: /rbac|403|400/,
  });
  const asked = (path: string, method = "GET") =>
    raw(
      addressOf(limited),
      80,
      `${method} ${path} HTTP/1.1\r\nHost: ${limited}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
  return [
    attempt("another path", asked("/admin")),
    attempt("../", asked("/api/../admin")),
    attempt("%2e%2e/", asked("/api/%2e%2e/admin")),
    attempt("..%2f", asked("/api/..%2fadmin")),
    attempt("%2e%2e%2f", asked("/api/%2e%2e%2fadmin")),
    attempt("//", asked("//admin")),
    attempt("mixed case", asked("/API/../admin")),
    attempt("backslash", asked("/api\\..\\admin")),
    attempt("semicolon", asked("/api/..;/admin")),
    attempt("the prefix without its slash", asked("/apiadmin")),
    attempt("another method", asked("/api/status", "POST")),
    {
      ...attempt("a method in mixed case", asked("/api/status", "gEt")),
      stoppedBy: "sidecar",
      shows: /400 Bad Request/,
    },
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
