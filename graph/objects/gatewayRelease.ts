import type { GatewayIntent, Intent } from "../intent/intent";
import { podValues } from "./gatewayPods";
import { meta } from "./meta";
import { containerPort, portName } from "./ports";

/** Istio's status port, which Kubernetes' and load balancers' health checks ask. */
const STATUS_PORT = 15021;

/**
 * What a gateway's proxy tells the outside of the mesh, beside what its routes remove (Istio API, `ProxyConfig`). By
 * default it sends the caller's identity and certificate (`x-forwarded-client-cert`), and writes the number of the
 * attempt anew at each retry, after the route has removed it.
 */
const PROXY_CONFIG = {
  gatewayTopology: { forwardClientCertDetails: "SANITIZE" },
  proxyHeaders: {
    attemptCount: { disabled: true },
    envoyDebugHeaders: { disabled: true },
    metadataExchangeHeaders: { mode: "IN_MESH" },
  },
};

/** The labels that Istio's `gateway` chart puts on the pods of a release of this name. */
export function gatewayLabels(service: string): Record<string, string> {
  return { app: service, istio: service.replace(/^istio-/, "") };
}

/** Values of a gateway's release of Istio's `gateway` chart, before the user's own. */
export function gatewayValues(intent: Intent, gateway: GatewayIntent): Record<string, unknown> {
  return {
    ...(intent.istio.revision !== undefined && { revision: intent.istio.revision }),
    labels: meta(intent.gatewayNamespace, gateway.service, { gateway: gateway.name }).labels,
    service: serviceValues(gateway),
    // Non-root on ports above 1024, so the pods need neither root nor the chart's sysctl.
    securityContext: { runAsNonRoot: true, runAsUser: 1337, runAsGroup: 1337, fsGroup: 1337 },
    podAnnotations: { "proxy.istio.io/config": JSON.stringify(proxyConfig(gateway)) },
    ...podValues(gateway.options, gatewayLabels(gateway.service)),
  };
}

function serviceValues({ ports, options: { clusterIp, serviceAnnotations } }: GatewayIntent): Record<string, unknown> {
  return {
    type: "ClusterIP",
    ports: [port("status-port", STATUS_PORT, STATUS_PORT), ...ports.map(servicePort)],
    ...(clusterIp !== undefined && { clusterIP: clusterIp }),
    ...(Object.keys(serviceAnnotations).length > 0 && { annotations: serviceAnnotations }),
  };
}

/** Istio API, `ProxyConfig`. */
function proxyConfig({ options: { drainSeconds } }: GatewayIntent): Record<string, unknown> {
  return {
    ...PROXY_CONFIG,
    // Without it, open connections are cut five seconds after the pod is told to stop, whatever its grace period.
    terminationDrainDuration: `${drainSeconds}s`,
  };
}

function servicePort(intent: GatewayIntent["ports"][number]) {
  return port(portName(intent), intent.number, containerPort(intent.number));
}

function port(name: string, number: number, targetPort: number) {
  return { name, port: number, protocol: "TCP", targetPort };
}
