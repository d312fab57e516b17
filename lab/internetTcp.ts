import { createServer, type Socket } from "node:net";
import { ends } from "./internetEnds";
import { type InternetRecorder, shownText } from "./internetLog";
import { INTERNET_PORTS } from "./internetPorts";

/** TCP that is no HTTP: a greeting, then every byte back; greeting and bytes tell a test who was reached. */
export function startTcp(record: InternetRecorder): void {
  greet(record, INTERNET_PORTS.ssh, (host) => `SSH-2.0-${host}\r\n`);
  greet(record, INTERNET_PORTS.database, (host) => `HELLO ${host}\n`);
  greet(record, INTERNET_PORTS.echo, () => "");
}

function greet(record: InternetRecorder, ports: readonly number[], greeting: (host: string) => string): void {
  for (const port of ports) {
    createServer((socket) => converse(record, socket, greeting(ends(socket).host))).listen(port, "0.0.0.0");
  }
}

function converse(record: InternetRecorder, socket: Socket, greeting: string): void {
  const where = ends(socket);
  record({ event: "connection", protocol: "tcp", ...where });
  socket.on("error", () => socket.destroy());
  if (greeting !== "") socket.write(greeting);
  socket.on("data", (bytes) => {
    record({ event: "data", protocol: "tcp", ...where, text: shownText(bytes) });
    socket.write(bytes);
  });
}
