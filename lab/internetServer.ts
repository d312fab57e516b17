import { openSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { issue } from "./certificates";
import { labFolders } from "./folders";
import { answer, type Call } from "./internetAnswer";
import { readInternetAuthority } from "./internetAuthority";
import { hostAt } from "./internetHosts";
import type { InternetEvent } from "./internetLog";

/**
 * All servers of the lab's internet in one process, run inside its network namespace: HTTP on 80, HTTPS on 443 with a
 * certificate for whatever name the client asks for (HTTP/1.1 and HTTP/2). Every connection and request is a log line,
 * written before the answer.
 */
const folders = labFolders();
const authority = readInternetAuthority(folders);
const log = openSync(folders.internetLog, "a");

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

function record(event: Omit<InternetEvent, "time">): void {
  writeSync(log, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}

function recordConnection(protocol: "http" | "https", socket: Socket): void {
  const server = plainAddress(socket.localAddress);
  record({
    event: "connection",
    protocol,
    server,
    host: hostAt(server) ?? "",
    peer: plainAddress(socket.remoteAddress),
  });
  socket.on("error", () => socket.destroy());
}

function handle(protocol: "http" | "https", request: Request, response: Response): void {
  const socket = request.socket as Socket & Partial<TLSSocket> & { servername?: string | false };
  const server = plainAddress(socket.localAddress);
  const call: Call = {
    host: hostAt(server) ?? "",
    address: server,
    method: request.method ?? "",
    path: request.url ?? "",
    hostHeader: request.headers.host ?? String(request.headers[":authority"] ?? ""),
    sni: socket.servername || "",
    protocol,
    httpVersion: request.httpVersion,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(":"))),
    peer: plainAddress(socket.remoteAddress),
  };
  const { method, path, hostHeader, sni, peer, host } = call;
  record({ event: "request", protocol, server, host, peer, method, path, hostHeader, sni });
  const { status, body } = answer(call);
  request.resume();
  const text = `${JSON.stringify(body, undefined, 2)}\n`;
  const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  // The two kinds of response share these methods, but not their types.
  const plain = response as ServerResponse;
  plain.writeHead(status, headers);
  plain.end(method === "HEAD" || status === 204 || status === 304 ? undefined : text);
}

/** IPv4 clients of a dual-stack socket look like ::ffff:198.19.0.1. */
function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/, "");
}

const contexts = new Map<string, Promise<SecureContext>>();

async function contextFor(name: string): Promise<SecureContext> {
  const { certificate, key } = await issue(authority, { commonName: name, hosts: [name] });
  return createSecureContext({ cert: certificate, key });
}

function contextOnce(name: string): Promise<SecureContext> {
  const known = contexts.get(name) ?? contextFor(name);
  contexts.set(name, known);
  return known;
}

/** Envoy keeps connections for later calls: a server that closes idle ones makes some of those fail. */
const PATIENT = { keepAliveTimeout: 3_600_000, headersTimeout: 0, requestTimeout: 0 };

async function main(): Promise<void> {
  const unnamed = await issue(authority, { commonName: "no-name.invalid", hosts: ["no-name.invalid"] });
  const http = createServer(PATIENT, (request, response) => handle("http", request, response));
  http.on("connection", (socket) => recordConnection("http", socket));
  http.listen(80, "0.0.0.0");

  const https = createSecureServer({
    allowHTTP1: true,
    cert: unnamed.certificate,
    key: unnamed.key,
    SNICallback: (name, done) => {
      contextOnce(name).then(
        (context) => done(null, context),
        (error: Error) => done(error),
      );
    },
  });
  Object.assign(https, PATIENT);
  https.on("request", (request, response) => handle("https", request, response));
  https.on("connection", (socket: Socket) => recordConnection("https", socket));
  https.on("tlsClientError", (_error, socket) => socket.destroy());
  https.listen(443, "0.0.0.0");
}

process.on("SIGTERM", () => process.exit(0));
main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
