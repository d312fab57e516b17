import type { DestinationIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { allowedNamespaces, gatewayEndpoint } from "./gatewayAddress";
import { meta } from "./meta";
import { portName } from "./ports";

/*
 * A destination has two ServiceEntries of the same hosts, in two namespaces. They must not share one, whatever their
 * `exportTo`: Istio keeps the older of a host and namespace, and pools the endpoints of both, so that half of the calls
 * would leave directly (`pilot/pkg/model/push_context.go: initServiceRegistry`; proved in tests/oracle/FINDINGS.md).
 */

/** The applications' side: the hosts lead to the gateway's Service, and nowhere else if any other object is missing. */
export function routesServiceEntry(intent: Intent, destination: DestinationIntent): Manifest {
  const { address, resolution } = gatewayEndpoint(intent, destination);
  return serviceEntry(intent.routesNamespace, destination, {
    exportTo: allowedNamespaces(destination),
    resolution,
    endpoints: [
      {
        address,
        ports: Object.fromEntries(destination.ports.map((port) => [portName(port), port.number])),
      },
    ],
  });
}

/** The gateway's side: the hosts lead to their own addresses; seen in the gateways' namespace alone. */
export function gatewayServiceEntry(intent: Intent, destination: DestinationIntent): Manifest {
  return serviceEntry(intent.gatewayNamespace, destination, { exportTo: ["."] });
}

function serviceEntry(namespace: string, destination: DestinationIntent, rest: Record<string, unknown>): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: meta(namespace, destination.name, { destination: destination.name }),
    spec: {
      hosts: destination.hosts.map(({ name }) => name),
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      ports: destination.ports.map((port) => ({ number: port.number, name: portName(port), protocol: port.protocol })),
      ...rest,
    },
  };
}
