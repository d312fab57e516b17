import type { DestinationIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { isWildcard } from "../mesh/hosts";
import { allowedNamespaces, gatewayAddress } from "./gatewayAddress";
import { hostName, meta } from "./meta";
import { portName } from "./ports";

/*
 * A destination has two ServiceEntries of the same hosts, in two namespaces. They must not share one, whatever their
 * `exportTo`: Istio keeps the older of a host and namespace, and pools the endpoints of both, so that half of the calls
 * would leave directly (`pilot/pkg/model/push_context.go: initServiceRegistry`; proved in tests/oracle/FINDINGS.md).
 */

/** The applications' side: the hosts lead to the gateway's Service, and nowhere else if any other object is missing. */
export function routesServiceEntry(intent: Intent, destination: DestinationIntent): Manifest {
  return serviceEntry(intent.routesNamespace, destination, {
    exportTo: allowedNamespaces(destination),
    endpoints: [
      {
        address: gatewayAddress(intent, destination),
        ports: Object.fromEntries(destination.ports.map((port) => [portName(port), port.number])),
      },
    ],
  });
}

/** The gateway's side: the hosts lead to their own addresses; seen in the gateways' namespace alone. */
export function gatewayServiceEntries(intent: Intent, destination: DestinationIntent): Manifest[] {
  const names = destination.hosts.map(({ name }) => name);
  const exact = names.filter((name) => !isWildcard(name));
  return [
    ...(exact.length > 0 ? [ownAddresses(intent, destination, destination.name, exact, "DNS")] : []),
    // DYNAMIC_DNS takes wildcards alone; the dot in a host's name keeps it apart from names of destinations.
    ...names.filter(isWildcard).map((name) => ownAddresses(intent, destination, hostName(name), [name], "DYNAMIC_DNS")),
  ];
}

function ownAddresses(
  intent: Intent,
  destination: DestinationIntent,
  name: string,
  hosts: string[],
  resolution: string,
): Manifest {
  return serviceEntry(intent.gatewayNamespace, destination, { exportTo: ["."] }, { name, hosts, resolution });
}

function serviceEntry(
  namespace: string,
  destination: DestinationIntent,
  rest: Record<string, unknown>,
  { name, hosts, resolution }: { name: string; hosts: string[]; resolution: string } = {
    name: destination.name,
    hosts: destination.hosts.map(({ name }) => name),
    resolution: "DNS",
  },
): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: meta(namespace, name, { destination: destination.name }),
    spec: {
      hosts,
      location: "MESH_EXTERNAL",
      resolution,
      ports: destination.ports.map((port) => ({ number: port.number, name: portName(port), protocol: port.protocol })),
      ...rest,
    },
  };
}
