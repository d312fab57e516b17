import { sniForwardSpec } from "../envoyFilter/sniForward";
import type { GatewayIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { gatewayLabels } from "./gatewayRelease";
import { hostName, meta } from "./meta";
import type { Tunnel } from "./tunnel";

export const LOOPBACK = "127.0.0.1";

/** Name by which the gateway's routes know the loopback listeners of a host. Its own label: the host's first may be full. */
export function loopbackHost(host: string): string {
  return `lo.${hostName(host)}.internal`;
}

/** A port of that name. */
export function loopbackPortName({ loopback }: Pick<Tunnel, "loopback">): string {
  return `tcp-${loopback}`;
}

/** Leads from the gateway back into its own pod: all tunnels of one host. */
export function loopbackServiceEntry(intent: Intent, host: string, tunnels: readonly Tunnel[]): Manifest {
  const [first] = tunnels;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: meta(intent.gatewayNamespace, `lo.${hostName(host)}`, { destination: first?.destination.name }),
    spec: {
      hosts: [loopbackHost(host)],
      location: "MESH_EXTERNAL",
      resolution: "STATIC",
      exportTo: ["."],
      ports: tunnels.map((tunnel) => ({ number: tunnel.loopback, name: loopbackPortName(tunnel), protocol: "TCP" })),
      endpoints: [{ address: LOOPBACK }],
    },
  };
}

/**
 * For a wildcard: the gateway's `tls` route alone would dial port 80 of the name in the SNI (tried on a real Envoy), so
 * Envoy's own filter resolves it, with the port.
 */
export function sniForwardFilter(intent: Intent, { service }: GatewayIntent, tunnel: Tunnel): Manifest {
  const { destination, host, port, loopback } = tunnel;
  return {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    metadata: meta(intent.gatewayNamespace, `${hostName(host)}-${port}`, { destination: destination.name }),
    spec: sniForwardSpec({ selector: gatewayLabels(service), listener: loopback, host, port }),
  };
}
