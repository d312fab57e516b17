import type { Kubectl } from "./kubectl";

/** A line of a gateway's JSON access log: the fields that `graph/objects/meshConfig.ts` asks for. */
export interface AccessLogLine {
  time: string;
  principal: string | null;
  requested_server_name: string | null;
  authority: string | null;
  path: string | null;
  response_code: number;
  response_flags: string | null;
  /** From the destination to the caller. */
  bytes_sent: number;
  upstream_cluster: string | null;
  upstream_host: string | null;
  downstream_remote_address: string | null;
}

/** The access log of a Deployment's pods since a moment (ISO 8601); other output is passed over. */
export async function accessLog(
  kubectl: Kubectl,
  namespace: string,
  deployment: string,
  since: string,
): Promise<AccessLogLine[]> {
  const text = await kubectl([
    "logs",
    "-n",
    namespace,
    `deployment/${deployment}`,
    "--all-pods=true",
    `--since-time=${since}`,
  ]);
  return text.split("\n").flatMap((line) => parse(line.replace(POD_PREFIX, "")));
}

/** `kubectl logs --all-pods` puts it before each line, `--prefix=false` or not. */
const POD_PREFIX = /^\[pod\/[^\]]+\] /;

function parse(line: string): AccessLogLine[] {
  if (!line.startsWith("{")) return [];
  try {
    const entry = JSON.parse(line) as AccessLogLine;
    if (entry.upstream_cluster === undefined) return [];
    // Envoy 1.40 ends the cluster's name with a semicolon: what follows would be its alternative name.
    return [{ ...entry, upstream_cluster: entry.upstream_cluster?.replace(/;$/, "") ?? null }];
  } catch {
    return [];
  }
}
