import type { Intent } from "../intent/intent";
import { gatewayLabels } from "./gatewayRelease";

/** A peer of a NetworkPolicy (Kubernetes API, `NetworkPolicyPeer`). Namespace and pods in one peer: both must fit. */
export interface Peer {
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels?: Record<string, string> };
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  protocol: "TCP" | "UDP";
  port: number;
}

export interface EgressRule {
  to: Peer[];
  ports?: PolicyPort[];
}

export interface IngressRule {
  from: Peer[];
  ports?: PolicyPort[];
}

/** istiod's port for configuration and certificates (Istio docs, "Ports used by Istio"). */
const DISCOVERY_PORT = 15012;
const DNS_PORT = 53;

/** Every namespace bears its name as a label that nobody can change (Kubernetes docs, "Automatic labelling"). */
export function namespacePeer(name: string): Pick<Peer, "namespaceSelector"> {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

export function podsPeer(namespace: string, labels: Record<string, string>): Peer {
  return { ...namespacePeer(namespace), podSelector: { matchLabels: labels } };
}

export function gatewayPeer(intent: Intent, service: string): Peer {
  return podsPeer(intent.gatewayNamespace, gatewayLabels(service));
}

export function tcp(ports: Iterable<number>): PolicyPort[] {
  return [...new Set(ports)].sort((a, b) => a - b).map((port) => ({ protocol: "TCP", port }));
}

export function dnsRule({ guards: { dns } }: Intent): EgressRule {
  return {
    to: [podsPeer(dns.namespace, dns.labels)],
    ports: [{ protocol: "UDP", port: DNS_PORT }, ...tcp([DNS_PORT])],
  };
}

export function discoveryRule({ istio }: Intent): EgressRule {
  return { to: [podsPeer(istio.namespace, { app: "istiod" })], ports: tcp([DISCOVERY_PORT]) };
}
