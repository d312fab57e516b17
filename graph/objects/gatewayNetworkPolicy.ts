import { groupBy } from "../group";
import { familyOf } from "../intent/cidr";
import { applicationKey } from "../intent/defaults";
import type { ApplicationIntent, DestinationIntent, GatewayIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { gatewayLabels } from "./gatewayRelease";
import { meta } from "./meta";
import {
  discoveryRule,
  dnsRule,
  type EgressRule,
  type IngressRule,
  namespacePeer,
  type Peer,
  podsPeer,
  tcp,
} from "./networkPeers";
import { DENY_POLICY, networkPolicy } from "./networkPolicy";
import { containerPort } from "./ports";

/** Metrics of the proxy, merged with the application's and its own (Istio docs, "Ports used by Istio"). */
const METRICS_PORTS = [15020, 15090];
const EVERYWHERE = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;

/** No pod of the namespace may send or receive anything that no other policy allows: gateways and routes. */
export function denyAllPolicy(namespace: string): Manifest {
  return networkPolicy(meta(namespace, DENY_POLICY), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
}

/** Who may come to a gateway, and where it may go: the applications of its destinations, and the outside on their ports. */
export function gatewayNetworkPolicy(
  intent: Intent,
  { name, service, options }: GatewayIntent,
  destinations: readonly DestinationIntent[],
): Manifest {
  const used = destinations.filter(({ allowedTo }) => allowedTo.length > 0);
  return networkPolicy(meta(intent.gatewayNamespace, service, { gateway: name }), {
    podSelector: { matchLabels: gatewayLabels(service) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [...callerRules(used), ...metricsRules(intent)],
    egress: [dnsRule(intent), discoveryRule(intent), ...outsideRules(intent, used, options.egressRanges)],
  });
}

/** One rule for all applications that may use the same ports. */
function callerRules(destinations: readonly DestinationIntent[]): IngressRule[] {
  const ports = new Map<string, { application: ApplicationIntent; numbers: number[] }>();
  for (const destination of destinations) {
    const numbers = destination.ports.map(({ number }) => containerPort(number));
    for (const application of destination.allowedTo) {
      const known = ports.get(applicationKey(application));
      if (known === undefined) ports.set(applicationKey(application), { application, numbers: [...numbers] });
      else known.numbers.push(...numbers);
    }
  }
  const callers = [...ports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { application, numbers }]) => ({
      peer: podsPeer(application.namespace, application.selector),
      ports: tcp(numbers),
    }));
  return [...groupBy(callers, (each) => JSON.stringify(each.ports)).values()].map((same) => ({
    from: same.map(({ peer }) => peer),
    ports: same[0]?.ports,
  }));
}

function metricsRules({ guards: { monitoringNamespaces } }: Intent): IngressRule[] {
  if (monitoringNamespaces.length === 0) return [];
  return [{ from: monitoringNamespaces.map((name): Peer => namespacePeer(name)), ports: tcp(METRICS_PORTS) }];
}

function outsideRules(
  intent: Intent,
  destinations: readonly DestinationIntent[],
  ranges: string[] | undefined,
): EgressRule[] {
  const ports = tcp(
    destinations.flatMap((destination) => destination.ports.map((port) => port.originateTls?.port ?? port.number)),
  );
  if (ports.length === 0) return [];
  return [{ to: ranges === undefined ? outside(intent) : ranges.map((cidr) => ({ ipBlock: { cidr } })), ports }];
}

/** Every address of both families but the cluster's own. */
function outside({ guards: { clusterRanges } }: Intent): Peer[] {
  return (["ipv4", "ipv6"] as const).map((family) => {
    const except = clusterRanges.filter((range) => familyOf(range) === family);
    return { ipBlock: { cidr: EVERYWHERE[family], ...(except.length > 0 && { except }) } };
  });
}
