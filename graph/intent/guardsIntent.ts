import { AdmissionMode, type Guards } from "./config";
import type { GuardsIntent } from "./intent";

/**
 * Ranges that are no public internet: private, shared and link-local (with the metadata services of clouds), loopback,
 * this network, multicast and reserved (IANA IPv4 and IPv6 Special-Purpose Address Registries).
 */
export const INTERNAL_RANGES: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

/** The guards with their defaults: all on, as the closed way is the one that must need no word. */
export function guardsIntent(guards: Guards): GuardsIntent {
  return {
    authorization: guards.authorization ?? true,
    strictMutualTls: guards.strictMutualTls ?? true,
    networkPolicy: guards.networkPolicy ?? true,
    admission: guards.admission ?? AdmissionMode.Enforce,
    clusterDns: guards.clusterDns ?? true,
    clusterRanges: guards.clusterRanges ?? [...INTERNAL_RANGES],
    dns: {
      namespace: guards.dns?.namespace ?? "kube-system",
      labels: guards.dns?.labels ?? { "k8s-app": "kube-dns" },
    },
    monitoringNamespaces: [...new Set(guards.monitoringNamespaces ?? [])].sort(),
  };
}
