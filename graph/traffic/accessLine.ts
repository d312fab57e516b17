/**
 * A line of a proxy's JSON access log: the fields of the component's own format (graph/objects/meshConfig.ts) and those
 * of Istio's default (Istio, `pilot/pkg/model/telemetry_logging.go: EnvoyJSONLogFormatIstio`). A format may leave any of
 * them out; what is not known is null, "-" or absent.
 */
export interface AccessLine {
  time?: string | null;
  start_time?: string | null;
  /** The caller's SPIFFE identity, where mutual TLS ended. */
  principal?: string | null;
  requested_server_name?: string | null;
  authority?: string | null;
  method?: string | null;
  protocol?: string | null;
  response_code?: number | string | null;
  response_code_details?: string | null;
  response_flags?: string | null;
  connection_termination_details?: string | null;
  upstream_cluster?: string | null;
  upstream_host?: string | null;
  upstream_local_address?: string | null;
  upstream_transport_failure_reason?: string | null;
  downstream_local_address?: string | null;
  downstream_remote_address?: string | null;
  bytes_received?: number | string | null;
  bytes_sent?: number | string | null;
  /** The proxy that wrote the line; the component's format alone has these. */
  pod_namespace?: string | null;
  pod_name?: string | null;
  pod_ip?: string | null;
  service_account?: string | null;
}

/** A line as it stood in a file, and what its surroundings say of the pod that wrote it. */
export interface ReadLine {
  line: AccessLine;
  pod?: { namespace?: string; name: string };
}

/** What `kubectl logs --prefix` and `--all-pods` put before a line: `[pod/NAME/CONTAINER] `. */
const PREFIX = /\[pod\/([^/\]]+)/;
/** Where collectors and container runtimes keep the line that a container wrote. */
const WRAPPERS = ["log", "message"] as const;

/**
 * The access log line of a text: JSON by itself, behind a prefix, or wrapped by a collector. Undefined for anything
 * else, of which a proxy's log holds plenty.
 */
export function readLine(text: string): ReadLine | undefined {
  const start = text.charCodeAt(0) === OPEN ? 0 : text.indexOf("{");
  if (start < 0) return undefined;
  const value = parsed(start === 0 ? text : text.slice(start));
  if (value === undefined) return undefined;
  if (isAccessLine(value)) {
    const name = start === 0 ? undefined : PREFIX.exec(text.slice(0, start))?.[1];
    return name === undefined ? { line: value } : { line: value, pod: { name } };
  }
  return unwrapped(value);
}

const OPEN = "{".charCodeAt(0);

/** Of all that a proxy writes as JSON, only access logs hold flags or a cluster beside a caller's address. */
function isAccessLine(value: object): value is AccessLine {
  return "response_flags" in value || ("upstream_cluster" in value && "downstream_remote_address" in value);
}

function unwrapped(value: Record<string, unknown>): ReadLine | undefined {
  for (const key of WRAPPERS) {
    const inner = value[key];
    if (typeof inner !== "string" || !inner.startsWith("{")) continue;
    const line = parsed(inner);
    if (line !== undefined && isAccessLine(line)) return { line, ...podOf(value) };
  }
  return undefined;
}

/** As Fluent Bit and Fluentd note it. */
function podOf({ kubernetes }: Record<string, unknown>): Pick<ReadLine, "pod"> {
  if (typeof kubernetes !== "object" || kubernetes === null) return {};
  const { pod_name, namespace_name } = kubernetes as Record<string, unknown>;
  if (typeof pod_name !== "string") return {};
  return { pod: { name: pod_name, ...(typeof namespace_name === "string" && { namespace: namespace_name }) } };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
