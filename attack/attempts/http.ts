import { internetAddress } from "../../lab";
import { type Attempt, type Layer, type Move, reachedForbidden } from "../attempt";
import { FORBIDDEN, type Ground } from "../ground";
import { curl, raw } from "./shell";

/** Plain HTTP to the allowed host that means another one. */
export function httpAttempts({ allowed, other }: Ground): Attempt[] {
  const address = internetAddress(allowed);
  const twin: Move = { from: "application", script: curl(`http://${allowed}/`) };
  const attempt = (title: string, script: string, stoppedBy: Layer, sign?: RegExp): Attempt => ({
    title,
    move: { from: "application", script },
    twin,
    through: reachedForbidden,
    stoppedBy,
    ...(sign && { sign }),
  });
  const request = (...lines: string[]) => raw(address, 80, [...lines, "Connection: close", "", ""].join("\r\n"));
  return [
    attempt(
      "forged Host of a forbidden host",
      curl(`http://${allowed}/`, "-H", `Host: ${FORBIDDEN}`),
      "sidecar",
      /502/,
    ),
    attempt(
      "forged Host of the other application's host",
      curl(`http://${allowed}/`, "-H", `Host: ${other}`),
      "sidecar",
    ),
    attempt(
      "two Host headers",
      request("GET / HTTP/1.1", `Host: ${allowed}`, `Host: ${FORBIDDEN}`),
      "sidecar",
      /400|502/,
    ),
    attempt(
      "absolute request line of a forbidden host",
      request(`GET http://${FORBIDDEN}/ HTTP/1.1`, `Host: ${allowed}`),
      "sidecar",
      /502/,
    ),
    attempt(
      "absolute request line of the allowed host, Host of a forbidden one",
      request(`GET http://${allowed}/ HTTP/1.1`, `Host: ${FORBIDDEN}`),
      "fixed destination",
    ),
    attempt(
      "CONNECT to a forbidden host",
      request(`CONNECT ${FORBIDDEN}:443 HTTP/1.1`, `Host: ${FORBIDDEN}:443`),
      "sidecar",
    ),
    attempt("CONNECT to the allowed host", request(`CONNECT ${allowed}:80 HTTP/1.1`, `Host: ${allowed}:80`), "sidecar"),
    attempt("another port in Host", curl(`http://${allowed}/`, "-H", `Host: ${allowed}:22`), "fixed destination"),
    attempt("a dot behind the host", curl(`http://${allowed}/`, "-H", `Host: ${FORBIDDEN}.`), "sidecar"),
    attempt(
      "HTTP/2 with a forbidden :authority",
      curl(`http://${allowed}/`, "--http2-prior-knowledge", "-H", `Host: ${FORBIDDEN}`),
      "sidecar",
      /502/,
    ),
    attempt(
      "request smuggled behind Content-Length and Transfer-Encoding",
      request(
        "POST / HTTP/1.1",
        `Host: ${allowed}`,
        "Content-Length: 4",
        "Transfer-Encoding: chunked",
        "",
        "0",
        "",
        `GET / HTTP/1.1`,
        `Host: ${FORBIDDEN}`,
      ),
      "sidecar",
      /400/,
    ),
    attempt(
      "Transfer-Encoding written oddly",
      request(
        "POST / HTTP/1.1",
        `Host: ${allowed}`,
        "Transfer-Encoding: xchunked",
        "",
        "0",
        "",
        "GET / HTTP/1.1",
        `Host: ${FORBIDDEN}`,
      ),
      "sidecar",
    ),
    attempt("HTTP/1.0 without Host", raw(address, 80, "GET / HTTP/1.0\r\n\r\n"), "sidecar"),
    attempt(
      "second request on the same connection, for a forbidden host",
      raw(
        address,
        80,
        `GET / HTTP/1.1\r\nHost: ${allowed}\r\n\r\nGET / HTTP/1.1\r\nHost: ${FORBIDDEN}\r\nConnection: close\r\n\r\n`,
      ),
      "sidecar",
      /502/,
    ),
    attempt(
      "redirect of the allowed host to a forbidden one",
      curl(`http://${allowed}/redirect?to=http://${FORBIDDEN}/`, "-L"),
      "sidecar",
      /502/,
    ),
    attempt(
      "allowed Host at a forbidden address",
      curl(`http://${internetAddress(FORBIDDEN)}/`, "-H", `Host: ${allowed}`),
      "fixed destination",
    ),
  ];
}
