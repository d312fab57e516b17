import { type ClientRequest, request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { suggest } from "../../graph/intent/nearest";
import { CommandError, UNAVAILABLE } from "../exit";

/** Milliseconds for a connection to come about, and between two pieces of an answer. */
export interface TimeLimits {
  connect: number;
  silence: number;
}

const LIMITS: TimeLimits = { connect: 10_000, silence: 60_000 };

/** The API server of one context of the kubeconfig, for reading. */
export interface ClusterClient {
  context: string;
  /** For what the client library does better: logs, watches, port forwarding. */
  config: KubeConfig;
  /** The JSON at a path of the API. Throws `ApiRefusal` for any status but 2xx, `CommandError` without an answer. */
  get<T>(path: string): Promise<T>;
}

/** The API server's answer was no. */
export class ApiRefusal extends Error {
  constructor(
    readonly path: string,
    readonly status: number,
    /** What the server says, where it says something. */
    readonly said: string,
    /** The whole answer, where it is JSON. */
    readonly body?: unknown,
  ) {
    super(`${path}: HTTP ${status} ${said}`.trim());
  }
}

/**
 * A client for a context, by the kubeconfig of `KUBECONFIG`, else of the home folder, as kubectl finds it. Nothing is
 * asked yet. Throws `CommandError` where there is no such context or the client library is not installed.
 */
export async function clusterClient(context: string, limits: TimeLimits = LIMITS): Promise<ClusterClient> {
  const config = await kubeConfig(context);
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    const fix = suggest(context, known, "Name one that `kubectl config get-contexts` lists");
    throw new CommandError(`the kubeconfig has no context "${context}". ${ended(fix)}`, UNAVAILABLE);
  }
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined)
    throw new CommandError(`context "${context}" of the kubeconfig names no cluster that is in it.`, UNAVAILABLE);
  const get = async <T>(path: string) => JSON.parse(await fetchText(config, server, path, limits)) as T;
  return { context, config, get };
}

async function kubeConfig(context: string): Promise<KubeConfig> {
  const { KubeConfig } = await library();
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new CommandError(`context "${context}": the kubeconfig cannot be read (${firstLine(error)}).`, UNAVAILABLE);
  }
  // The library refuses plain HTTP (kubectl proxy, tests) unless told that nobody expects TLS there.
  config.clusters = config.clusters.map((each) =>
    each.server.startsWith("http:") ? { ...each, skipTLSVerify: true } : each,
  );
  return config;
}

async function library(): Promise<typeof import("@kubernetes/client-node")> {
  try {
    return await import("@kubernetes/client-node");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandError(
      'a live cluster needs the package "@kubernetes/client-node": npm install @kubernetes/client-node@1.4.0.',
      UNAVAILABLE,
    );
  }
}

async function fetchText(config: KubeConfig, server: string, path: string, limits: TimeLimits): Promise<string> {
  const options: RequestOptions = { headers: { accept: "application/json" } };
  const where = `context ${config.getCurrentContext()} (${server})`;
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    // A login plugin that fails, a certificate's file that is gone.
    throw new CommandError(`${where}: no credentials (${firstLine(error)}).`, UNAVAILABLE);
  }
  const { status, text } = await answered(new URL(server.replace(/\/$/, "") + path), options, limits).catch((error) => {
    throw new CommandError(`${where}: ${unreachable(error)}`, UNAVAILABLE);
  });
  if (status === 401)
    throw new CommandError(
      `${where}: the API server does not accept the credentials (HTTP 401); they may have expired: log in again.`,
      UNAVAILABLE,
    );
  if (status < 200 || status > 299) throw refusal(path, status, text);
  return text;
}

function answered(url: URL, options: RequestOptions, { connect, silence }: TimeLimits) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = (url.protocol === "http:" ? requestHttp : requestHttps)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.setTimeout(silence, () => request.destroy(new Error(`no answer for ${silence / 1000} s`)));
    limitConnecting(request, url, connect);
    request.end();
  });
}

function limitConnecting(request: ClientRequest, url: URL, milliseconds: number): void {
  const late = setTimeout(
    () => request.destroy(new Error(`no connection within ${milliseconds / 1000} s`)),
    milliseconds,
  );
  const done = () => clearTimeout(late);
  request.on("close", done);
  request.on("socket", (socket) => {
    if (socket.connecting) socket.once(url.protocol === "http:" ? "connect" : "secureConnect", done);
    else done();
  });
}

function refusal(path: string, status: number, text: string): ApiRefusal {
  try {
    const body = JSON.parse(text) as { message?: string };
    return new ApiRefusal(path, status, body.message ?? "", body);
  } catch {
    return new ApiRefusal(path, status, text.slice(0, 200).trim());
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there. Is the cluster up?",
  ENOTFOUND: "its name is not known to DNS.",
  EAI_AGAIN: "its name is not known to DNS.",
  CERT_HAS_EXPIRED: "its certificate has expired.",
  ERR_SSL_TLSV1_ALERT_CERTIFICATE_EXPIRED: "the certificate of the kubeconfig has expired: log in again.",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "the certificate of the kubeconfig has expired: log in again.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not signed by the authority of the kubeconfig.",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not signed by the authority of the kubeconfig.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not signed by the authority of the kubeconfig.",
};

function unreachable(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? `no answer (${firstLine(error)}).`;
}

/** Of an error of many (both addresses of a name), the first. */
function firstLine(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return (first instanceof Error ? first.message : String(first)).split("\n")[0] ?? "";
}

function ended(sentence: string): string {
  return /[.?]$/.test(sentence) ? sentence : `${sentence}.`;
}
