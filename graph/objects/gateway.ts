import { spiffe } from "../intent/flows";
import type { DestinationIntent, GatewayIntent, Intent, PortIntent } from "../intent/intent";
import { seesRequests } from "../intent/protocols";
import type { Manifest } from "../manifest";
import { gatewayLabels } from "./gatewayRelease";
import { hostName, meta } from "./meta";
import { portName } from "./ports";

/**
 * The servers of a gateway: one for each host and port. The SNI of the sidecar's mutual TLS picks the server, and the
 * server admits only the identities of the applications that may reach that host (Istio API,
 * `ServerTLSSettings.subjectAltNames`), so no other identity gets beyond the handshake, whatever policy is missing.
 */
export function gateway(
  intent: Intent,
  { name, service }: GatewayIntent,
  destinations: readonly DestinationIntent[],
): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: meta(intent.gatewayNamespace, service, { gateway: name }),
    spec: {
      selector: gatewayLabels(service),
      servers: destinations
        .filter((destination) => destination.allowedTo.length > 0)
        .flatMap((destination) =>
          destination.hosts.flatMap(({ name: host }) =>
            destination.ports.map((port) => server(intent, destination, host, port)),
          ),
        ),
    },
  };
}

function server(intent: Intent, destination: DestinationIntent, host: string, port: PortIntent) {
  return {
    port: {
      number: port.number,
      name: `${portName(port)}-${hostName(host)}`,
      protocol: seesRequests(port.protocol) ? "HTTPS" : "TLS",
    },
    hosts: [`./${host}`],
    tls: {
      mode: "ISTIO_MUTUAL",
      subjectAltNames: destination.allowedTo.map(({ namespace, serviceAccount }) =>
        spiffe(intent, namespace, serviceAccount),
      ),
    },
  };
}
