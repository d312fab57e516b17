/**
 * Second half of the stage "gateway-listener": does the TLS handshake with the chosen server succeed, and whom does it identify?
 * Istio API `ServerTLSSettings`, `ClientTLSSettings.subjectAltNames`; `core/listener.go: BuildListenerTLSContext`.
 */
import { type Server, terminates } from "../mesh/gateway";
import { Undecided } from "../mesh/unknown";
import type { L4Rule, RouteObject } from "../mesh/virtualService";
import { type GatewayProxy, principal, type Wire } from "./gatewayProxy";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

/** The chain that takes a connection. */
export interface Chosen {
  server: Server;
  table: Server[];
  http: boolean;
  l4?: { route: RouteObject; rule: L4Rule };
}

export interface Taken {
  server: Server;
  /** HTTP servers that share the table with it. */
  table: Server[];
  http: boolean;
  /** TCP or passthrough: the rule that made the chain. */
  l4?: { route: RouteObject; rule: L4Rule };
  /** What goes on: without the session that was terminated. */
  wire: Wire;
  /** Identity that the client certificate proves; undefined: none. */
  identity?: string;
  /** Server name of the connection, as policies see it. */
  sni: string;
}

/** TLS between the client and the server that takes the connection. */
export function handshake(walk: Walk, gateway: GatewayProxy, chosen: Chosen, wire: Wire): Taken | Outcome {
  const { server } = chosen;
  const outer = wire.tls[0];
  const sni = outer?.sni ?? "";
  const where = `${server.gateway.object.id} ${server.field}`;
  const hop = (message: string, field: string): void =>
    walk.hop("gateway-listener", message, server.gateway.object, `${server.field}.${field}`);
  const fail = (field: string, why: string): Outcome => {
    hop(why, field);
    return walk.blocked(walk.failed, `${where}: ${why}`);
  };
  if (!terminates(server)) {
    if (server.mode === "PASSTHROUGH" && !outer) return fail("tls.mode", "a PASSTHROUGH server gets plaintext");
    if (chosen.http && outer)
      return fail(
        "port.protocol",
        "the server expects plaintext HTTP, but gets TLS: set TLS mode DISABLE in the client's DestinationRule",
      );
    if (chosen.http && wire.payload !== "http")
      return fail("port.protocol", "the server decodes HTTP, but gets other bytes");
    hop(
      server.mode === "PASSTHROUGH"
        ? `passes SNI ${sni} on as it is`
        : `takes the connection as ${server.protocol.toUpperCase()}`,
      "tls.mode",
    );
    return taken(chosen, wire, sni);
  }
  if (!outer)
    return fail(
      "tls.mode",
      `the server expects TLS (${server.mode}), but the client sends plaintext: set trafficPolicy.tls.mode ISTIO_MUTUAL in a DestinationRule for the gateway that the client finds`,
    );
  const problem = certificateProblem(walk, gateway, server, wire);
  if (problem) return fail("tls", problem);
  const identity = outer.kind === "mesh" && server.mode !== "SIMPLE" ? wire.sender : undefined;
  const inner: Wire = { ...wire, tls: wire.tls.slice(1) };
  hop(`SNI ${sni === "" ? "none" : sni} accepted, TLS ended (${server.mode})`, "hosts");
  if (server.subjectAltNames.length > 0) hop(`spiffe://${wire.sender} admitted`, "tls.subjectAltNames");
  if (chosen.http && (inner.tls.length > 0 || inner.payload !== "http"))
    return fail("port.protocol", "the server decodes HTTP, but gets other bytes inside the TLS session");
  return taken(chosen, inner, sni, identity);
}

function taken({ server, table, http, l4 }: Chosen, wire: Wire, sni: string, identity?: string): Taken {
  return { server, table, http, l4, wire, identity, sni };
}

/** Why one side refuses the other's certificate. */
function certificateProblem(walk: Walk, gateway: GatewayProxy, server: Server, wire: Wire): string | undefined {
  const outer = wire.tls[0] as Wire["tls"][0];
  const { mode } = server;
  if (mode === "ISTIO_MUTUAL" && outer.kind !== "mesh")
    return "the server demands a certificate of the mesh, but the client shows none: set TLS mode ISTIO_MUTUAL";
  if (mode === "MUTUAL" && outer.kind === "mesh")
    throw walk.unmodelled(
      "gateway-listener",
      "mesh certificates at a server of mode MUTUAL",
      server.gateway.object,
      `${server.field}.tls.mode`,
    );
  if (mode === "MUTUAL" && outer.kind !== "mutual")
    return "the server demands a client certificate, but the client shows none";
  if (mode !== "ISTIO_MUTUAL" && outer.kind === "mesh")
    return `the server (${mode}) shows a certificate that is not the mesh's, but the client demands one: use ISTIO_MUTUAL on both sides`;
  const names = server.subjectAltNames;
  if (names.length > 0 && !names.includes(`spiffe://${wire.sender}`))
    return `tls.subjectAltNames does not name spiffe://${wire.sender}`;
  if (outer.kind !== "mesh" || outer.serverNames.length === 0) return undefined;
  const account = gateway.group.serviceAccount;
  if (account === undefined) throw new Undecided(`pods of ${gateway.name}`, "spec.serviceAccountName");
  const own = `spiffe://${principal(walk, gateway.group.namespace, account)}`;
  return outer.serverNames.includes(own)
    ? undefined
    : `the client's DestinationRule demands subjectAltNames ${outer.serverNames.join(", ")}, but the gateway is ${own}`;
}
