import type { Intent } from "../intent/intent";
import { discoveryTemplate } from "./discovery";

/**
 * Fields of a line of access log (Envoy docs, "Access logging: command operators"). `principal` is the caller's SPIFFE
 * identity, known where mutual TLS ends, so at the egress gateways. Which proxy wrote the line, the variables say that
 * Istio's injection sets in every proxy's container: a sidecar's account is the caller's.
 */
const ACCESS_LOG = {
  time: "%START_TIME%",
  principal: "%DOWNSTREAM_PEER_URI_SAN%",
  requested_server_name: "%REQUESTED_SERVER_NAME%",
  authority: "%REQ(:AUTHORITY)%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_code_details: "%RESPONSE_CODE_DETAILS%",
  response_flags: "%RESPONSE_FLAGS%",
  connection_termination_details: "%CONNECTION_TERMINATION_DETAILS%",
  upstream_cluster: "%UPSTREAM_CLUSTER%",
  upstream_host: "%UPSTREAM_HOST%",
  upstream_transport_failure_reason: "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
  downstream_local_address: "%DOWNSTREAM_LOCAL_ADDRESS%",
  downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%",
  route_name: "%ROUTE_NAME%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration: "%DURATION%",
  pod_namespace: "%ENVIRONMENT(POD_NAMESPACE)%",
  pod_name: "%ENVIRONMENT(POD_NAME)%",
  pod_ip: "%ENVIRONMENT(INSTANCE_IP)%",
  service_account: "%ENVIRONMENT(SERVICE_ACCOUNT)%",
} as const;

/** Values of istiod's release: what a mesh with controlled egress needs, before the user's own. */
export function istiodValues(intent: Intent): Record<string, unknown> {
  return {
    ...(intent.istio.revision !== undefined && { revision: intent.istio.revision }),
    global: { istioNamespace: intent.istio.namespace, proxy: { clusterDomain: intent.istio.clusterDomain } },
    pilot: { env: { ISTIO_DUAL_STACK: "true" } },
    meshConfig: {
      trustDomain: intent.istio.trustDomain,
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      // `/api/..%2fadmin` is compared as `/admin`: without it a limit of paths is passed by another spelling.
      pathNormalization: { normalization: "DECODE_AND_MERGE_SLASHES" },
      accessLogFile: "/dev/stdout",
      accessLogEncoding: "JSON",
      accessLogFormat: JSON.stringify(ACCESS_LOG),
      defaultConfig: { proxyMetadata: proxyMetadata(intent) },
    },
    ...discoveryTemplate(intent),
  };
}

/**
 * Settings of every proxy. In a pod with both families Istio captures IPv6 only with ISTIO_DUAL_STACK (`tools/common/config:
 * getLocalIP`), so without it such calls would go past the sidecar; elsewhere it does nothing. DNS capture gives hosts
 * addresses by itself (`PILOT_ENABLE_IP_AUTOALLOCATE`, on by default; ISTIO_META_DNS_AUTO_ALLOCATE is deprecated).
 */
function proxyMetadata({ istio }: Intent): Record<string, string> {
  return { ISTIO_DUAL_STACK: "true", ...(istio.dnsCapture && { ISTIO_META_DNS_CAPTURE: "true" }) };
}

/** Values of the release of `base`: CRDs and the validation webhook. */
export function baseValues(intent: Intent): Record<string, unknown> {
  return {
    global: { istioNamespace: intent.istio.namespace },
    ...(intent.istio.revision !== undefined && { defaultRevision: intent.istio.revision }),
  };
}
