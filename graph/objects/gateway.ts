import { spiffe } from "../intent/flows";
import type { DestinationIntent, GatewayIntent, Intent, PortIntent } from "../intent/intent";
import { seesRequests } from "../intent/protocols";
import type { Manifest } from "../manifest";
import { gatewayLabels } from "./gatewayRelease";
import { LOOPBACK } from "./loopback";
import { hostName, meta } from "./meta";
import { portName } from "./ports";
import type { Tunnel } from "./tunnel";

/**
 * The servers of a gateway: one for each host and port. The SNI of the sidecar's mutual TLS picks the server, and the
 * server admits only the identities of the applications that may reach that host (Istio API,
 * `ServerTLSSettings.subjectAltNames`), so no other identity gets beyond the handshake, whatever policy is missing.
 */
export function gateway(
  intent: Intent,
  { name, service }: GatewayIntent,
  destinations: readonly DestinationIntent[],
  tunnels: readonly Tunnel[],
): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: meta(intent.gatewayNamespace, service, { gateway: name }),
    spec: {
      selector: gatewayLabels(service),
      servers: [
        ...destinations
          .filter((destination) => destination.allowedTo.length > 0)
          .flatMap((destination) =>
            destination.hosts.flatMap(({ name: host }) =>
              destination.ports.map((port) => server(intent, destination, host, port)),
            ),
          ),
        ...tunnels.filter(({ destination }) => destination.allowedTo.length > 0).map(loopbackServer),
      ],
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

/**
 * The second pass of a tunnel, on the loopback of the gateway's pods, where nobody else can dial: it reads the SNI of
 * the application's own TLS, and takes the one host alone (Istio API, `Server.bind`, `ServerTLSSettings.TLSmode`).
 */
function loopbackServer({ host, port, loopback }: Tunnel) {
  return {
    port: { number: loopback, name: `inner-${port}-${hostName(host)}`, protocol: "TLS" },
    bind: LOOPBACK,
    hosts: [`./${host}`],
    tls: { mode: "PASSTHROUGH" },
  };
}
