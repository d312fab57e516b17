import { createSocket } from "node:dgram";
import { INTERNET_HOSTS } from "./internetHosts";
import { type InternetRecorder, shownText } from "./internetLog";
import { INTERNET_PORTS } from "./internetPorts";

/** Takes datagrams, as QUIC's would be, and answers each. A socket a host, or it would not know which was meant. */
export async function startUdp(record: InternetRecorder): Promise<void> {
  const places = INTERNET_HOSTS.flatMap((host) => INTERNET_PORTS.udp.map((port) => ({ ...host, port })));
  await Promise.all(places.map(({ name: host, address: server, port }) => listen(record, { host, server, port })));
}

function listen(record: InternetRecorder, place: { host: string; server: string; port: number }): Promise<void> {
  const socket = createSocket("udp4", (bytes, { address: peer, port }) => {
    record({ event: "data", protocol: "udp", ...place, peer, text: shownText(bytes) });
    socket.send(`HELLO ${place.host}\n`, port, peer);
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(place.port, place.server, () => {
      socket.off("error", reject);
      // An answer that nobody takes any more.
      socket.on("error", () => {});
      resolve();
    });
  });
}
