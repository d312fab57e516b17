import { gatewayService } from "../intent/defaults";
import type { DestinationIntent, Intent, PortIntent } from "../intent/intent";
import { seesRequests } from "../intent/protocols";
import type { Manifest } from "../manifest";
import { hostName, meta } from "./meta";

/**
 * The gateway's routes for one host: bound to the gateway alone, never to `mesh`. A host of its own, because the
 * gateway's `tcp` routes, which carry the application's TLS, cannot tell hosts apart (Istio API, `TCPRoute`).
 */
export function virtualService(intent: Intent, destination: DestinationIntent, host: string): Manifest {
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
      ...(http.length > 0 && { http: http.map((port) => route(host, port)) }),
      ...(tls.length > 0 && { tcp: tls.map((port) => route(host, port)) }),
    },
  };
}

function route(host: string, { number }: PortIntent) {
  return { match: [{ port: number }], route: [{ destination: { host, port: { number } } }] };
}
