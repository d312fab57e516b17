import { groupBy } from "../group";
import { principal } from "../intent/flows";
import type { ApplicationIntent, DestinationIntent, GatewayIntent, Intent, PortIntent } from "../intent/intent";
import { isLimited, type Limits, limitsOf } from "../intent/limits";
import { seesRequests } from "../intent/protocols";
import type { Manifest } from "../manifest";
import { isWildcard } from "../mesh/hosts";
import { gatewayLabels } from "./gatewayRelease";
import { LOOPBACK } from "./loopback";
import { exactName, meta } from "./meta";
import { containerPort } from "./ports";
import type { Tunnel } from "./tunnel";

/** The policy of the whole gateway namespace that allows nothing. */
export const DENY_POLICY = "deny-by-default";

/** Denies all that no other policy allows: a policy without rules matches nothing (Istio API, `AuthorizationPolicy`). */
export function denyingPolicy(intent: Intent): Manifest {
  return policy(meta(intent.gatewayNamespace, DENY_POLICY), {});
}

/**
 * Who may use a gateway for what: the second layer after the identities that its servers demand, and the one that knows
 * methods and paths.
 */
export function gatewayPolicy(
  intent: Intent,
  { name, service }: GatewayIntent,
  destinations: readonly DestinationIntent[],
  tunnels: readonly Tunnel[],
): Manifest {
  return policy(meta(intent.gatewayNamespace, service, { gateway: name }), {
    selector: { matchLabels: gatewayLabels(service) },
    action: "ALLOW",
    rules: [...destinations.flatMap((destination) => rules(intent, destination)), ...loopbackRules(tunnels)],
  });
}

function policy(metadata: Manifest["metadata"], spec: Record<string, unknown>): Manifest {
  return { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata, spec };
}

/** Applications with the same limits share rules, so that a rule is not repeated for each of them. */
function rules(intent: Intent, destination: DestinationIntent): object[] {
  const groups = groupBy(destination.allowedTo, (application) =>
    JSON.stringify(limitsOf(application, destination.name)),
  );
  return [...groups.values()].flatMap((applications) => {
    const limits = limitsOf(applications[0] as ApplicationIntent, destination.name);
    const from = [{ source: { principals: applications.map((application) => principalOf(intent, application)) } }];
    return [...requestRules(destination, from, limits), ...connectionRules(destination, from, limits)];
  });
}

function principalOf(intent: Intent, { namespace, serviceAccount }: ApplicationIntent): string {
  return principal(intent, namespace, serviceAccount);
}

/** Where the gateway sees requests: hosts, methods and paths. One operation a port, since wildcards name theirs. */
function requestRules(destination: DestinationIntent, from: object[], { methods, paths }: Limits): object[] {
  const ports = destination.ports.filter(({ protocol }) => seesRequests(protocol));
  const to = ports.map((port) => ({
    operation: {
      hosts: destination.hosts.flatMap(({ name }) => hostHeaders(name, port)),
      ports: containerPorts([port]),
      ...(methods !== undefined && { methods }),
      ...(paths !== undefined && { paths }),
    },
  }));
  return to.length === 0 ? [] : [{ from, to }];
}

/**
 * The Host headers of a host. Their port means nothing for a named host, but is the one that is dialled for a wildcard's
 * names; without one that is 80, or with TLS 443 (Envoy docs, "Dynamic forward proxy").
 */
function hostHeaders(host: string, { number, originateTls }: PortIntent): string[] {
  if (!isWildcard(host)) return [host, `${host}:*`];
  return number === 80 || originateTls !== undefined ? [host, `${host}:${number}`] : [`${host}:${number}`];
}

/**
 * Where the gateway sees connections only: the SNI of the sidecar's mutual TLS. Without `ports` such a rule would also
 * allow requests on HTTP ports, whatever their Host.
 */
function connectionRules(destination: DestinationIntent, from: object[], limits: Limits): object[] {
  const ports = destination.ports.filter(({ protocol }) => !seesRequests(protocol));
  if (ports.length === 0 || isLimited(limits)) return [];
  return [
    {
      from,
      to: [{ operation: { ports: containerPorts(ports) } }],
      when: [{ key: "connection.sni", values: destination.hosts.map(({ name }) => exactName(name)) }],
    },
  ];
}

/** The second pass of the tunnels, which the gateway makes to itself: the first has asked for the caller's identity. */
function loopbackRules(tunnels: readonly Tunnel[]): object[] {
  const ports = tunnels
    .filter(({ destination }) => destination.allowedTo.length > 0)
    .map(({ loopback }) => String(loopback));
  if (ports.length === 0) return [];
  return [{ from: [{ source: { ipBlocks: [`${LOOPBACK}/32`] } }], to: [{ operation: { ports } }] }];
}

/** Policies see the port that the connection reached on the gateway's pod, not the Service's. */
function containerPorts(ports: readonly PortIntent[]): string[] {
  return ports.map(({ number }) => String(containerPort(number)));
}
