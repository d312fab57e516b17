import type { DestinationIntent, Intent, OriginationIntent, PortIntent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { isWildcard } from "../mesh/hosts";
import { hostName, meta } from "./meta";

/**
 * How the gateway calls a host: TLS on the ports that ask for it, with authority, server name and names of the
 * certificate all said, since each that is missing switches a check off (Istio API, `ClientTLSSettings`). Seen in the
 * gateways' namespace alone. Undefined where the application's bytes leave as they are.
 */
export function originationRule(intent: Intent, destination: DestinationIntent, host: string): Manifest | undefined {
  const ports = destination.ports.flatMap((port) =>
    port.originateTls ? [portEntry(port, port.originateTls, host)] : [],
  );
  if (ports.length > 0) return rule(intent, destination, host, { portLevelSettings: ports });
  return belowOriginatingWildcard(intent, host)
    ? rule(intent, destination, host, { tls: { mode: "DISABLE" } })
    : undefined;
}

function rule(
  intent: Intent,
  { name }: DestinationIntent,
  host: string,
  trafficPolicy: Record<string, unknown>,
): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: meta(intent.gatewayNamespace, hostName(host), { destination: name }),
    spec: { host, exportTo: ["."], trafficPolicy },
  };
}

function portEntry({ number }: PortIntent, tls: OriginationIntent, host: string) {
  return {
    port: { number },
    ...(tls.http2 && { connectionPool: { http: { h2UpgradePolicy: "UPGRADE" } } }),
    tls: {
      mode: tls.mutual ? "MUTUAL" : "SIMPLE",
      ...(tls.secret === undefined ? { caCertificates: "system" } : { credentialName: tls.secret }),
      ...serverNames(tls, host),
    },
  };
}

/** With neither, the Host of each request is sent as SNI and checked: all that can be said of a wildcard. */
function serverNames(tls: OriginationIntent, host: string) {
  if (isWildcard(host)) return {};
  return { sni: tls.sni ?? host, subjectAltNames: tls.subjectAltNames ?? [tls.sni ?? host] };
}

/**
 * A rule for `*.w` also holds for each exact host below it that has none of its own (Istio:
 * `model/push_context.go: destinationRule`), so such a host gets one that says plaintext.
 */
function belowOriginatingWildcard(intent: Intent, host: string): boolean {
  const wildcards = originatingWildcards(intent);
  if (wildcards.size === 0) return false;
  const labels = host.split(".");
  return labels.some((_, index) => index > 0 && wildcards.has(`*.${labels.slice(index).join(".")}`));
}

const known = new WeakMap<Intent, Set<string>>();

function originatingWildcards(intent: Intent): Set<string> {
  const found =
    known.get(intent) ??
    new Set(
      intent.destinations
        .filter(({ ports }) => ports.some(({ originateTls }) => originateTls !== undefined))
        .flatMap(({ hosts }) => hosts.map(({ name }) => name).filter((name) => name.startsWith("*."))),
    );
  known.set(intent, found);
  return found;
}
