import type { DestinationIntent } from "../intent/intent";

/**
 * Request headers by which Envoy and Istio tell of the mesh: the caller's address and identity, names of workloads,
 * retries and time limits (Envoy docs, "HTTP header manipulation" and "Router: HTTP headers"; Istio,
 * `pilot/pkg/networking/util/proxy_headers.go`). A route removes headers by their whole names alone, so each is listed.
 * `via` and `forwarded` are left alone: Istio's proxies write neither, so it is the application that sent them.
 */
export const MESH_HEADERS: readonly string[] = [
  "x-envoy-attempt-count",
  "x-envoy-decorator-operation",
  "x-envoy-downstream-service-cluster",
  "x-envoy-downstream-service-node",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-external-address",
  "x-envoy-force-trace",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-internal",
  "x-envoy-ip-tags",
  "x-envoy-is-timeout-retry",
  "x-envoy-max-retries",
  "x-envoy-original-dst-host",
  "x-envoy-original-host",
  "x-envoy-original-path",
  "x-envoy-peer-metadata",
  "x-envoy-peer-metadata-id",
  "x-envoy-retriable-header-names",
  "x-envoy-retriable-status-codes",
  "x-envoy-retry-grpc-on",
  "x-envoy-retry-on",
  "x-envoy-upstream-alt-stat-name",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-upstream-rq-timeout-ms",
  "x-forwarded-client-cert",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-istio-attributes",
];

/**
 * Headers of traces that Istio's proxies read, pass on or write (Istio docs, "Distributed Tracing: Overview"; Envoy
 * docs, "Tracing: trace context propagation").
 */
export const TRACING_HEADERS: readonly string[] = [
  "b3",
  "baggage",
  "grpc-trace-bin",
  "sw8",
  "sw8-correlation",
  "sw8-x",
  "traceparent",
  "tracestate",
  "x-amzn-trace-id",
  "x-b3-flags",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-spanid",
  "x-b3-traceid",
  "x-client-trace-id",
  "x-cloud-trace-context",
  "x-datadog-origin",
  "x-datadog-parent-id",
  "x-datadog-sampling-priority",
  "x-datadog-tags",
  "x-datadog-trace-id",
  "x-ot-span-context",
  "x-request-id",
];

const ALL_HEADERS: readonly string[] = [...MESH_HEADERS, ...TRACING_HEADERS].sort();

/** The headers that no request to a destination carries outside, sorted. */
export function removedHeaders({ sendTracingHeaders }: Pick<DestinationIntent, "sendTracingHeaders">): string[] {
  return [...(sendTracingHeaders ? MESH_HEADERS : ALL_HEADERS)];
}
