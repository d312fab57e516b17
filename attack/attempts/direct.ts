import { internetAddress } from "../../lab";
import { type Attempt, reachedAllowed, reachedForbidden } from "../attempt";
import { FORBIDDEN, type Ground } from "../ground";
import { asProxy, curl, datagram, raw } from "./shell";

/** Around the gateway: to outside addresses and names, captured by the sidecar or not. */
export function directAttempts({ allowed }: Ground): Attempt[] {
  const evil = internetAddress(FORBIDDEN);
  const captured = (title: string, script: string, sign: RegExp): Attempt => ({
    title,
    move: { from: "application", script },
    twin: { from: "application", script: curl(`http://${allowed}/`) },
    stoppedBy: "sidecar",
    sign,
  });
  const uncaptured = (title: string, script: string): Attempt => ({
    title,
    move: { from: "application", script },
    // From a namespace that nobody controls the same command arrives.
    twin: { from: "bare", script },
    worked: reachedForbidden,
    stoppedBy: "network policy",
  });
  return [
    captured("address of a forbidden host, port 80", curl(`http://${evil}/`), BLACK_HOLE),
    captured("address of a forbidden host, port 443", curl(`https://${evil}/`), BLACK_HOLE),
    captured("address of a forbidden host, port 8080", curl(`http://${evil}:8080/`), BLACK_HOLE),
    captured("address of a forbidden host, port 22", raw(evil, 22, "SSH-2.0-attack\r\n"), BLACK_HOLE),
    captured("name of a forbidden host, HTTP", curl(`http://${FORBIDDEN}/`), BLACK_HOLE),
    captured("name of a forbidden host, HTTPS", curl(`https://${FORBIDDEN}/`), BLACK_HOLE),
    captured(
      "capture rules flushed from the application's container",
      `iptables -t nat -F; ${curl(`http://${evil}/`)}`,
      BLACK_HOLE,
    ),
    {
      ...captured("a pod beside the application that is none", curl(`http://${allowed}/`), BLACK_HOLE),
      move: { from: "stranger", script: curl(`http://${allowed}/`) },
      through: reachedAllowed,
    },
    uncaptured("as the proxy's user, HTTP", asProxy(curl(`http://${evil}/`))),
    uncaptured("as the proxy's user, HTTPS", asProxy(curl(`https://${evil}/`))),
    uncaptured("as the proxy's user, port 22", asProxy(raw(evil, 22, "SSH-2.0-attack\r\n"))),
    uncaptured("UDP port 443 (QUIC)", datagram(evil, 443, "QUIC")),
  ];
}

/** What a sidecar's log names where no host fits: its own dead ends. */
const BLACK_HOLE = /BlackHoleCluster|block_all|"response_code":502/;
