import { gatewayService } from "../intent/defaults";
import type { DestinationIntent, Intent, PortIntent } from "../intent/intent";
import { seesRequests } from "../intent/protocols";
import type { Manifest } from "../manifest";
import { loopbackHost } from "./loopback";
import { hostName, meta } from "./meta";
import { removedHeaders } from "./removedHeaders";
import type { Tunnel } from "./tunnel";

/**
 * The gateway's routes for one host: bound to the gateway alone, never to `mesh`. A host of its own, because the
 * gateway's `tcp` routes, which carry the application's TLS, cannot tell hosts apart (Istio API, `TCPRoute`).
 */
export function virtualService(
  intent: Intent,
  destination: DestinationIntent,
  host: string,
  tunnels: readonly Tunnel[],
): Manifest {
  const http = destination.ports.filter(({ protocol }) => seesRequests(protocol));
  const tls = destination.ports.filter(({ protocol }) => !seesRequests(protocol));
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: meta(intent.gatewayNamespace, hostName(host), { destination: destination.name }),
    spec: {
      hosts: [host],
      gateways: [`${intent.gatewayNamespace}/${gatewayService(destination.gateway)}`],
      exportTo: ["."],
      ...(http.length > 0 && {
        http: http.map((port) => ({ ...route(host, port), headers: withoutTraces(destination) })),
      }),
      ...(tls.length > 0 && { tcp: tls.map((port) => tunnelEntry(port, tunnels) ?? route(host, port)) }),
      ...(tunnels.length > 0 && { tls: tunnels.map(tunnelExit) }),
    },
  };
}

/** What the mesh has added to a request goes no further (Istio API, `Headers`). */
function withoutTraces(destination: DestinationIntent) {
  return { request: { remove: removedHeaders(destination) } };
}

function route(host: string, { number }: PortIntent) {
  return { match: [{ port: number }], route: [{ destination: { host, port: { number } } }] };
}

/** A connection of a known caller goes to the loopback listener of its host and port. */
function tunnelEntry({ number }: PortIntent, tunnels: readonly Tunnel[]) {
  const tunnel = tunnels.find(({ port }) => port === number);
  return (
    tunnel && {
      match: [{ port: number }],
      route: [{ destination: { host: loopbackHost(tunnel.host), port: { number: tunnel.loopback } } }],
    }
  );
}

/** From there only the host's own SNI leads on. */
function tunnelExit({ host, port, loopback }: Tunnel) {
  return {
    match: [{ port: loopback, sniHosts: [host] }],
    route: [{ destination: { host, port: { number: port } } }],
  };
}
