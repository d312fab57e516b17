import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { answerQuestion, readQuestion } from "./dnsMessage";
import { internetAddress, SPECIAL_HOSTS } from "./internetHosts";
import type { InternetRecorder } from "./internetLog";

const PORT = 53;
const PLACE = {
  host: SPECIAL_HOSTS.resolver,
  server: internetAddress(SPECIAL_HOSTS.resolver),
  port: PORT,
};

/**
 * An attacker's DNS server: it answers for every name, and each query is a log line. A pod that asks it directly is
 * `peer` itself; a query through the cluster's DNS comes from the internet's own.
 */
export async function startResolver(record: InternetRecorder): Promise<void> {
  const udp = createSocket("udp4", (message, { address: peer, port }) => {
    const answer = reply(record, message, peer);
    if (answer) udp.send(answer, port, peer);
  });
  udp.on("error", (error) => console.error(error.message));
  const tcp = createServer((socket) => {
    const peer = socket.remoteAddress ?? "";
    socket.on("error", () => socket.destroy());
    // A query is small: it comes in one piece, behind its length.
    socket.once("data", (bytes) => {
      const answer = reply(record, bytes.subarray(2), peer);
      if (answer) socket.write(Buffer.from([answer.length >> 8, answer.length & 0xff, ...answer]));
      socket.end();
    });
  });
  await Promise.all([
    new Promise<void>((resolve) => udp.bind(PORT, PLACE.server, resolve)),
    new Promise<void>((resolve) => tcp.listen(PORT, PLACE.server, resolve)),
  ]);
}

function reply(record: InternetRecorder, message: Buffer, peer: string): Buffer | undefined {
  const question = readQuestion(message);
  if (!question) return undefined;
  const { name, recordType } = question;
  record({ event: "query", protocol: "dns", ...PLACE, peer, name, recordType });
  return answerQuestion(question, internetAddress(SPECIAL_HOSTS.attacker), "lab");
}
