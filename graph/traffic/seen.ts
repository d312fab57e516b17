/** What one line of log tells of a call. */
import type { ReadLine } from "./accessLine";
import { atGateway } from "./atGateway";
import { atSidecar } from "./atSidecar";
import type { LoggedCall } from "./loggedCall";
import { type KnownProxies, proxyOf } from "./proxy";

/**
 * `call`: it counts. `forwarded`: a sidecar handed the call on, and the gateway that took it has the line that counts.
 * `inside`: nothing that leaves the mesh.
 */
export type Seen = { kind: "call" | "forwarded"; call: LoggedCall } | { kind: "inside" };

/**
 * A call to the outside makes a line at its sidecar and one at its gateway, and where a TLS connection passes a gateway
 * twice, two there. It counts at the gateway; at the sidecar counts what no gateway sees.
 */
export function seenIn(read: ReadLine, known: KnownProxies): Seen {
  const proxy = proxyOf(read, known);
  if (proxy.role === "inbound") return { kind: "inside" };
  return proxy.role === "gateway" ? atGateway(read.line, proxy, known) : atSidecar(read.line, proxy, known);
}
