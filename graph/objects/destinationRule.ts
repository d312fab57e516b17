import { gatewayService } from "../intent/defaults";
import { spiffe } from "../intent/flows";
import type { DestinationIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { allowedNamespaces } from "./gatewayAddress";
import { exactName, hostName, meta } from "./meta";

/**
 * How an application's sidecar calls the gateway for a host: mutual TLS with the host as SNI (one name for all under a
 * wildcard), by which the gateway picks the server, and with the gateway's identity demanded (Istio API, `ClientTLSSettings`). Found in the service's
 * namespace, since no DestinationRule of the client's namespace names the host.
 */
export function destinationRule(intent: Intent, destination: DestinationIntent, host: string): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: meta(intent.routesNamespace, hostName(host), { destination: destination.name }),
    spec: {
      host,
      exportTo: allowedNamespaces(destination),
      trafficPolicy: {
        tls: {
          mode: "ISTIO_MUTUAL",
          sni: exactName(host),
          subjectAltNames: [spiffe(intent, intent.gatewayNamespace, gatewayService(destination.gateway))],
        },
      },
    },
  };
}
