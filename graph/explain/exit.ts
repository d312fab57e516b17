/**
 * Stage "exit": a connection leaves a proxy towards a cluster, and ends outside, in the mesh, or at the next gateway.
 */

import type { SniForward } from "../envoyFilter/sniForward";
import { isAddress } from "../mesh/addresses";
import type { MeshObject } from "../mesh/object";
import type { Cluster } from "./cluster";
import type { Client } from "./destinationRules";
import { type Dialled, type Place, placeOf, unreachable } from "./endpoints";
import type { Wire } from "./gatewayProxy";
import { limitsOf } from "./limits";
import { addedTls, originates, peerMode, type Settings, settingsFor } from "./transport";
import type { Outcome } from "./types";
import { hostOf } from "./virtualHost";
import type { Walk } from "./walk";

/** The proxy that sends, and what it sends. */
export interface Sender {
  client: Client;
  /** SPIFFE id of its certificate. */
  identity: string;
  atGateway: boolean;
  /** The route came from Gateway API: a missing subset answers 500. */
  apiRoute: boolean;
  /** A VirtualService rule sent the connection here, not the service's own port. */
  byRule: boolean;
  /** HTTP was decoded here, so the Host is known to the cluster. */
  http: boolean;
  dialled?: string;
  /** The EnvoyFilter on the way that resolves the server name for a DYNAMIC_DNS cluster. */
  forward?: SniForward & { object: MeshObject };
}

export interface Arrival {
  place: Place & { kind: "pods" | "self" };
  wire: Wire;
}

/** Where the connection arrives in the mesh, or how the walk ends. */
export function leave(walk: Walk, sender: Sender, cluster: Cluster, wire: Wire): Arrival | Outcome {
  const settings = settingsFor(walk, sender.client, cluster, sender.apiRoute);
  if ("verdict" in settings) return settings;
  const place = placeOf(walk, cluster, dialledBy(walk, sender, cluster, wire, settings));
  if (place.kind === "end") return place.outcome;
  const name = sender.http ? hostOf(wire.request.authority) : undefined;
  const added = addedTls(walk, settings, cluster, place, name, sender.atGateway);
  const next: Wire = added ? { ...wire, tls: [added, ...wire.tls], sender: sender.identity } : wire;
  if (place.kind === "outside") return outside(walk, place, cluster, next);
  return { place, wire: next };
}

function dialledBy(walk: Walk, sender: Sender, cluster: Cluster, wire: Wire, settings: Settings): Dialled {
  const dynamic = cluster.scoped.service.resolution === "DYNAMIC_DNS";
  // Elsewhere the name is resolved for nothing.
  const resolved = dynamic && sender.forward !== undefined ? resolvedPort(walk, sender.forward, cluster) : undefined;
  if (dynamic && resolved === undefined && !sender.http && (sender.atGateway || sender.byRule)) {
    throw walk.unmodelled(
      "cluster",
      "TLS or TCP to a DYNAMIC_DNS ServiceEntry by a route",
      cluster.scoped.service.object,
      "spec.resolution",
    );
  }
  const name = sender.http ? hostOf(wire.request.authority) : (wire.tls[0]?.sni ?? "");
  return {
    address: sender.dialled,
    name,
    namePort: sender.http ? requestPort(wire.request.authority, settings, sender) : resolved,
    atGateway: sender.atGateway,
    subsetLabels: settings.subsetLabels,
  };
}

/** The port of the Host header, else that of the scheme, whatever the ServiceEntry's (Envoy docs, "Dynamic forward proxy"). */
function requestPort(authority: string, settings: Settings, { atGateway }: Sender): number {
  const port = /:(\d+)$/.exec(authority)?.[1];
  if (port !== undefined) return Number(port);
  return originates(settings, atGateway) ? 443 : 80;
}

/** Envoy resolves the server name on the way, with a port of the filter's own; only for a cluster that shares its DNS cache. */
function resolvedPort(walk: Walk, forward: NonNullable<Sender["forward"]>, { scoped }: Cluster): number {
  const { host } = scoped.service;
  if (forward.host !== host)
    throw walk.unmodelled(
      "cluster",
      `EnvoyFilter for the names of ${forward.host} before a cluster of ${host}`,
      forward.object,
      "spec.configPatches",
    );
  walk.hop("cluster", `the name in the SNI is resolved, port ${forward.port}`, forward.object, "spec.configPatches");
  return forward.port;
}

function outside(walk: Walk, place: Place & { kind: "outside" }, { scoped }: Cluster, wire: Wire): Outcome {
  const { service } = scoped;
  const destination = `${place.host}:${place.port}`;
  const object = service.object;
  if (walk.gateways.length > 0) {
    if (wire.tls[0]?.kind === "mesh") {
      walk.hop("exit", `mesh TLS reaches ${destination}, which does not speak it`, object);
      return walk.blocked(
        unreachable(walk),
        `${destination} gets the mesh's TLS session, which it does not speak: end it at the gateway (server mode ISTIO_MUTUAL), or set TLS mode DISABLE towards the gateway`,
      );
    }
    walk.hop("exit", `leaves the mesh through ${walk.gateways.at(-1)} to ${destination}`, object);
    return walk.end("gateway", `leaves through ${walk.gateways.at(-1)} to ${destination}`, {
      destination,
      limits: limitsOf(walk, service, wire),
      address: endpointAddress(place),
      tls: outerTls(wire),
    });
  }
  walk.hop("exit", `leaves the mesh from the sidecar to ${destination}`, object);
  const missing = `${object.id} lets the sidecar send to ${destination} itself, and no rule sends ${service.host} to an egress gateway: add a VirtualService (gateways: mesh) that routes it to one, or make a gateway the endpoint`;
  return walk.end("direct", `leaves the mesh without a gateway, by ${object.id}`, {
    how: "service",
    destination,
    missing,
  });
}

function endpointAddress({ endpoint, port }: Place & { kind: "outside" }): string | undefined {
  if (endpoint === undefined || !isAddress(endpoint.address)) return undefined;
  return endpoint.address.includes(":") ? `[${endpoint.address}]:${port}` : `${endpoint.address}:${port}`;
}

function outerTls({ tls: [outer] }: Wire): Outcome["tls"] {
  if (outer?.kind !== "simple" && outer?.kind !== "mutual") return undefined;
  return { mode: outer.kind === "mutual" ? "MUTUAL" : "SIMPLE", sni: outer.sni, serverNames: outer.serverNames };
}

/** The connection ends at pods that are no gateway. */
export function inMesh(walk: Walk, { place, wire }: Arrival): Outcome {
  if (place.kind === "self") {
    walk.hop("exit", `ends in the calling pod itself, port ${place.port}`);
    return walk.end("in-mesh", "ends in the calling pod itself", { destination: `127.0.0.1:${place.port}` });
  }
  const { pods, port } = place;
  const plaintext = wire.tls[0]?.kind !== "mesh";
  const destination = `${place.service?.host ?? `${pods.namespace}/${pods.name}`}:${place.service ? (servicePort(place) ?? port) : port}`;
  if (plaintext && peerMode(walk, pods.namespace) === "STRICT" && !pods.isGateway) {
    walk.hop(
      "exit",
      `${pods.namespace}/${pods.name} demands mutual TLS (PeerAuthentication STRICT), but gets plaintext`,
      pods.pods?.object,
    );
    return walk.blocked(
      unreachable(walk),
      `PeerAuthentication of namespace ${pods.namespace} is STRICT, but the client sends plaintext: set TLS mode ISTIO_MUTUAL, or remove the DestinationRule that turns it off`,
    );
  }
  walk.hop("exit", `ends in the mesh at ${pods.namespace}/${pods.name}`, pods.pods?.object);
  return walk.end("in-mesh", `ends in the mesh at ${pods.namespace}/${pods.name}`, { destination });
}

function servicePort(place: Place & { kind: "pods" }): number | undefined {
  return place.service?.ports.find((p) => (p.target ?? p.number) === place.port)?.number;
}
