import type { Socket } from "node:net";
import { hostAt } from "./internetHosts";
import type { InternetEvent } from "./internetLog";

/** The two ends of a connection, as the internet's log names them. */
export function ends(socket: Socket): Pick<InternetEvent, "server" | "host" | "port" | "peer"> {
  const server = plainAddress(socket.localAddress);
  return {
    server,
    host: hostAt(server) ?? "",
    port: socket.localPort ?? 0,
    peer: plainAddress(socket.remoteAddress),
  };
}

/** IPv4 clients of a dual-stack socket look like ::ffff:198.19.0.1. */
function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/, "");
}
