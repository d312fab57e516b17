import { groupBy } from "../group";
import { DENY_SIDECAR } from "../intent/checks/applications";
import { gatewayService } from "../intent/defaults";
import type { ApplicationIntent, DestinationIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { meta } from "./meta";
import { discoveryRule, dnsRule, type EgressRule, gatewayPeer, namespacePeer, type Peer, tcp } from "./networkPeers";
import { containerPort } from "./ports";

/*
 * NetworkPolicies only add up (Kubernetes docs, "Network Policies"): one that selects every pod denies what none allows,
 * and each further one allows something more. Ports are those of the pods, not of the Services before them.
 */

/** The policy of all pods of a namespace; like the Sidecar that denies by default, it has no application's name. */
export const DENY_POLICY = DENY_SIDECAR;

/** What every pod of an application namespace may reach: DNS, istiod and the mesh; nothing outside, and no gateway. */
export function namespacePolicy(intent: Intent, namespace: string): Manifest {
  return networkPolicy(meta(namespace, DENY_POLICY), {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [...(intent.guards.clusterDns ? [dnsRule(intent)] : []), discoveryRule(intent), meshRule(intent)],
  });
}

/** What an application's pods may reach beside: exactly the gateways of its destinations, on those ports. */
export function applicationPolicy(
  intent: Intent,
  application: ApplicationIntent,
  destinations: ReadonlyMap<string, DestinationIntent>,
): Manifest {
  return networkPolicy(meta(application.namespace, application.name, { application: application.name }), {
    podSelector: { matchLabels: application.selector },
    policyTypes: ["Egress"],
    egress: gatewayRules(
      intent,
      application.allow.flatMap((name) => destinations.get(name) ?? []),
    ),
  });
}

export function networkPolicy(metadata: Manifest["metadata"], spec: Record<string, unknown>): Manifest {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

/** Pods of the namespace itself, and of the namespaces of `meshHosts`; never all of the gateways'. */
function meshRule(intent: Intent): EgressRule {
  const others = new Set(intent.meshHosts.map((entry) => entry.slice(0, entry.indexOf("/"))));
  others.delete(intent.gatewayNamespace);
  return { to: [{ podSelector: {} }, ...[...others].sort().map((name): Peer => namespacePeer(name))] };
}

/** One rule for all gateways of the same ports. */
function gatewayRules(intent: Intent, destinations: DestinationIntent[]): EgressRule[] {
  const gateways = [...groupBy(destinations, ({ gateway }) => gateway)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => ({
      peer: gatewayPeer(intent, gatewayService(name)),
      ports: tcp(each.flatMap(({ ports }) => ports.map(({ number }) => containerPort(number)))),
    }));
  return [...groupBy(gateways, ({ ports }) => JSON.stringify(ports)).values()].map((same) => ({
    to: same.map(({ peer }) => peer),
    ports: same[0]?.ports,
  }));
}
