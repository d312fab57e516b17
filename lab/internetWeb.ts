import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { createServer as createTcpServer, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Certificate, issue } from "./certificates";
import { type Answer, answer, type Call } from "./internetAnswer";
import { serverCertificates } from "./internetCertificates";
import { ends } from "./internetEnds";
import { SPECIAL_HOSTS } from "./internetHosts";
import { type InternetRecorder, shownText } from "./internetLog";
import { INTERNET_PORTS } from "./internetPorts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
type Protocol = Call["protocol"];

/** Envoy keeps connections for later calls: a server that closes idle ones makes some of those fail. */
const PATIENT = { keepAliveTimeout: 3_600_000, headersTimeout: 0, requestTimeout: 0 };

/** HTTP, HTTPS (HTTP/1.1 and HTTP/2) and HTTP/2 without TLS, which takes gRPC too. Each on every host of the internet. */
export async function startWeb(record: InternetRecorder, authority: Certificate, clients: string): Promise<void> {
  for (const port of INTERNET_PORTS.http) httpServer(record).listen(port, "0.0.0.0");
  const open = await httpsServer(record, authority);
  const mutual = await httpsServer(record, authority, clients);
  for (const port of INTERNET_PORTS.https) {
    const front = createTcpServer((socket) => {
      recordConnection(record, "https", socket);
      (ends(socket).host === SPECIAL_HOSTS.mutualTls ? mutual : open).emit("connection", socket);
    });
    front.listen(port, "0.0.0.0");
  }
  for (const port of INTERNET_PORTS.h2c) h2cServer(record).listen(port, "0.0.0.0");
}

function httpServer(record: InternetRecorder): ReturnType<typeof createServer> {
  const http = createServer({ ...PATIENT, requireHostHeader: false }, (request, response) =>
    handle(record, "http", request, response),
  );
  http.on("connection", (socket) => recordConnection(record, "http", socket));
  http.on("clientError", (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
    const text = shownText(error.rawPacket ?? Buffer.alloc(0));
    record({ event: "malformed", protocol: "http", ...ends(socket), text });
    socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  http.on("connect", (request, socket: Socket) => {
    recordRequest(record, callOf("http", request));
    socket.end("HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  return http;
}

/** `clients`: the authority of the clients that it demands certificates of; without it, none is asked for. */
async function httpsServer(
  record: InternetRecorder,
  authority: Certificate,
  clients?: string,
): Promise<Http2SecureServer> {
  const unnamed = await issue(authority, { commonName: "no-name.invalid", hosts: ["no-name.invalid"] });
  const https = createSecureServer({
    allowHTTP1: true,
    cert: unnamed.certificate,
    key: unnamed.key,
    SNICallback: serverCertificates(authority, clients),
    ca: clients,
    requestCert: clients !== undefined,
    rejectUnauthorized: clients !== undefined,
  });
  Object.assign(https, PATIENT);
  https.on("request", (request, response) => handle(record, "https", request, response));
  https.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
    const where = ends(socket);
    // A connection that is gone already has no ends.
    if (where.peer !== "") record({ event: "refused", protocol: "https", ...where, text: error.code ?? error.message });
    socket.destroy();
  });
  return https;
}

function h2cServer(record: InternetRecorder): ReturnType<typeof createHttp2Server> {
  const h2c = createHttp2Server((request, response) => handle(record, "h2c", request, response));
  h2c.on("connection", (socket: Socket) => recordConnection(record, "h2c", socket));
  // Bytes that are no HTTP/2.
  h2c.on("sessionError", () => {});
  return h2c;
}

function recordConnection(record: InternetRecorder, protocol: Protocol, socket: Socket): void {
  record({ event: "connection", protocol, ...ends(socket) });
  socket.on("error", () => socket.destroy());
}

function recordRequest(record: InternetRecorder, call: Omit<Call, "body">): void {
  const { protocol, address: server, host, port, peer, method, path, hostHeader, sni } = call;
  record({ event: "request", protocol, server, host, port, peer, method, path, hostHeader, sni });
}

function handle(record: InternetRecorder, protocol: Protocol, request: Request, response: Response): void {
  const call = callOf(protocol, request);
  recordRequest(record, call);
  const isGrpc = String(request.headers["content-type"] ?? "").startsWith("application/grpc");
  readBody(request, (body) => {
    const given = answer({ ...call, body });
    if (isGrpc && "stream" in response) sendGrpc(response, given);
    // The two kinds of response share the methods that are used there, but not their types.
    else sendJson(response as ServerResponse, call.method, given);
  });
}

function callOf(protocol: Protocol, request: Request): Omit<Call, "body"> {
  const socket = request.socket as Socket & Partial<TLSSocket> & { servername?: string | false };
  const { server, host, port, peer } = ends(socket);
  const { rawHeaders } = request;
  const pairs = rawHeaders.flatMap((name, index): Call["rawHeaders"] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : [],
  );
  return {
    host,
    address: server,
    port,
    method: request.method ?? "",
    path: request.url ?? "",
    hostHeader: request.headers.host ?? String(request.headers[":authority"] ?? ""),
    sni: socket.servername || "",
    clientCertificate: subjectOf(socket),
    protocol,
    httpVersion: request.httpVersion,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(":"))),
    rawHeaders: pairs,
    peer,
  };
}

function subjectOf(socket: Partial<TLSSocket>): string {
  const subject = socket.getPeerCertificate?.()?.subject ?? {};
  return Object.entries(subject)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(", ");
}

const BODY_LIMIT = 64 * 1024;

/** Of a longer body the beginning. A caller that leaves before its end gets no answer. */
function readBody(request: Request, done: (body: string) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  request.on("data", (part: Buffer) => {
    if (size < BODY_LIMIT) parts.push(part.subarray(0, BODY_LIMIT - size));
    size += part.length;
  });
  request.on("end", () => done(Buffer.concat(parts).toString("utf8")));
  request.on("error", () => {});
}

function sendJson(response: ServerResponse, method: string, { status, headers, body }: Answer): void {
  const text = `${JSON.stringify(body, undefined, 2)}\n`;
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers });
  response.end(method === "HEAD" || status === 204 || status === 304 ? undefined : text);
}

/** One message whose bytes are the JSON, and the trailer of a call that went well. */
function sendGrpc(response: Http2ServerResponse, { body }: Answer): void {
  const message = Buffer.from(JSON.stringify(body));
  const prefix = Buffer.alloc(5); // Not compressed; the length in four bytes.
  prefix.writeUInt32BE(message.length, 1);
  response.writeHead(200, { "content-type": "application/grpc" });
  response.addTrailers({ "grpc-status": "0" });
  response.end(Buffer.concat([prefix, message]));
}
