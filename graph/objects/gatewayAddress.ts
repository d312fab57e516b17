import { gatewayService } from "../intent/defaults";
import type { DestinationIntent, Intent } from "../intent/intent";

/** DNS name of the gateway's Service, e.g. `egress-github.external.svc.cluster.local`. */
export function gatewayAddress(intent: Intent, { gateway }: Pick<DestinationIntent, "gateway">): string {
  return `${gatewayService(gateway)}.${intent.gatewayNamespace}.svc.${intent.istio.clusterDomain}`;
}

/**
 * The namespaces of the applications that may reach a destination, for `exportTo`. Nobody's is the routes' own
 * namespace, where no pod runs (an empty list would mean everybody: Istio API, `ServiceEntry.exportTo`).
 */
export function allowedNamespaces(destination: DestinationIntent): string[] {
  const namespaces = [...new Set(destination.allowedTo.map((application) => application.namespace))].sort();
  return namespaces.length === 0 ? ["."] : namespaces;
}
