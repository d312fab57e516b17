import type { DestinationIntent, Intent, PortIntent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { isWildcard } from "../mesh/hosts";
import type { EntryHosts } from "./entries";
import { allowedNamespaces, gatewayAddress } from "./gatewayAddress";
import { meta } from "./meta";
import { portName } from "./ports";

/*
 * A host has two ServiceEntries, in two namespaces. They must not share one, whatever their `exportTo`: Istio keeps the
 * older of a host and namespace, and pools the endpoints of both, so that half of the calls would leave directly
 * (`pilot/pkg/model/push_context.go: initServiceRegistry`; proved in tests/oracle/FINDINGS.md).
 */

/**
 * The applications' side: the hosts lead to the gateway's Service, and nowhere else if any other object is missing.
 * `addresses` are what the applications dial.
 */
export function routesServiceEntry(intent: Intent, destination: DestinationIntent, entry: EntryHosts): Manifest {
  const addresses = entry.hosts.flatMap((host) => host.addresses);
  return serviceEntry(intent.routesNamespace, destination, entry, {
    resolution: "DNS",
    ports: destination.ports.map(servicePort),
    exportTo: allowedNamespaces(destination),
    ...(addresses.length > 0 && { addresses }),
    endpoints: [
      {
        address: gatewayAddress(intent, destination),
        ports: Object.fromEntries(destination.ports.map((port) => [portName(port), port.number])),
      },
    ],
  });
}

/**
 * The gateway's side: the hosts lead to their own addresses; seen in the gateways' namespace alone. Where the gateway
 * originates TLS, the port of the outside server is the target port, so the application's port needs no second one.
 */
export function gatewayServiceEntry(intent: Intent, destination: DestinationIntent, entry: EntryHosts): Manifest {
  const endpoints = entry.hosts.flatMap(({ endpoint }) => (endpoint === undefined ? [] : [{ address: endpoint }]));
  return serviceEntry(intent.gatewayNamespace, destination, entry, {
    resolution: resolutionOf(entry),
    ports: destination.ports.map((port) => ({
      ...servicePort(port),
      ...(port.originateTls && { targetPort: port.originateTls.port }),
    })),
    exportTo: ["."],
    ...(endpoints.length > 0 && { endpoints }),
  });
}

/** Names under a wildcard are found one by one, call by call (Istio API, `ServiceEntry.resolution`). */
function resolutionOf({ hosts }: EntryHosts): string {
  if (hosts.some(({ name }) => isWildcard(name))) return "DYNAMIC_DNS";
  return hosts.some(({ endpoint }) => endpoint !== undefined) ? "STATIC" : "DNS";
}

function servicePort(port: PortIntent) {
  return { number: port.number, name: portName(port), protocol: port.protocol };
}

function serviceEntry(
  namespace: string,
  destination: DestinationIntent,
  { name, hosts }: EntryHosts,
  rest: Record<string, unknown>,
): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: meta(namespace, name, { destination: destination.name }),
    spec: { hosts: hosts.map((host) => host.name), location: "MESH_EXTERNAL", ...rest },
  };
}
