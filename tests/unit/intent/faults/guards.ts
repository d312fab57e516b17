import { type Fault, with_ } from "./spoilt";

/** Guards, and what they need. */
export const GUARD_FAULTS: readonly Fault[] = [
  [
    "a cluster range that is none",
    with_({ guards: { clusterRanges: ["10.0.0.0/33"] } }),
    'guards.clusterRanges[0] = "10.0.0.0/33": is no range of addresses. Write IP/PREFIX, e.g. 10.0.0.0/8.',
  ],
  [
    "a cluster range without prefix",
    with_({ guards: { clusterRanges: ["10.0.0.1"] } }),
    'guards.clusterRanges[0] = "10.0.0.1": is no range of addresses. Write "10.0.0.1/32" for this one address.',
  ],
  [
    "a cluster range with bits beyond its prefix",
    with_({ guards: { clusterRanges: ["10.1.2.3/8"] } }),
    'guards.clusterRanges[0] = "10.1.2.3/8": has bits set beyond its prefix. Write "10.0.0.0/8".',
  ],
  [
    "a cluster range that is everything",
    with_({ guards: { clusterRanges: ["::/0"] } }),
    'guards.clusterRanges[0] = "::/0": is every address, so gateways could reach nothing outside. Name the ranges of pods, Services and nodes.',
  ],
  [
    "a namespace of monitoring that is none",
    with_({ guards: { monitoringNamespaces: ["Metrics"] } }),
    'guards.monitoringNamespaces[0] = "Metrics": is no DNS label (lower-case letters, digits and inner hyphens). Use a valid namespace name.',
  ],
  [
    "DNS pods without a label",
    with_({ guards: { dns: { labels: {} } } }),
    'guards.dns.labels = {}: is empty and would select every pod of the namespace. Leave it out for "k8s-app: kube-dns", or name a label.',
  ],
  [
    "istiod's address that is none",
    with_({ istio: { discoveryIp: "istiod" } }),
    'istio.discoveryIp = "istiod": is no IP address. Write the ClusterIP of istiod\'s Service.',
  ],
];
