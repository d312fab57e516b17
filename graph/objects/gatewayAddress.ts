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

/**
 * The only endpoint of the applications' side: the ClusterIP of the gateway's Service, where the configuration gives it
 * one, so that no DNS is in the way; else its name.
 */
export function gatewayEndpoint(
  intent: Intent,
  { gateway }: Pick<DestinationIntent, "gateway">,
): { address: string; resolution: "STATIC" | "DNS" } {
  const clusterIp = clusterIps(intent).get(gateway);
  return clusterIp === undefined
    ? { address: gatewayAddress(intent, { gateway }), resolution: "DNS" }
    : { address: clusterIp, resolution: "STATIC" };
}

const byIntent = new WeakMap<Intent, Map<string, string>>();

function clusterIps(intent: Intent): Map<string, string> {
  let found = byIntent.get(intent);
  if (found === undefined) {
    found = new Map(
      intent.gateways.flatMap(({ name, options: { clusterIp } }) =>
        clusterIp === undefined ? [] : [[name, clusterIp]],
      ),
    );
    byIntent.set(intent, found);
  }
  return found;
}
