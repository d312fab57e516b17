import { type Draft, gone, type Mutation, set } from "./mutation";

/** The links of the network, each in every way that it can break. */
export const NETWORK_MUTATIONS: readonly Mutation[] = [
  { kind: "NetworkPolicy", namespace: "applications", title: "deleted", breakIt: gone },
  {
    kind: "NetworkPolicy",
    namespace: "applications",
    title: "selects other pods",
    breakIt: set((spec) => {
      spec.podSelector = { matchLabels: { app: "other" } };
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "applications",
    title: "ports of nobody",
    breakIt: set((spec) => {
      for (const rule of spec.egress) for (const port of rule.ports) port.port = 1;
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "applications",
    title: "gateways of another namespace",
    breakIt: set((spec) => {
      for (const rule of spec.egress)
        for (const peer of rule.to) peer.namespaceSelector.matchLabels = { "kubernetes.io/metadata.name": "nowhere" };
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "applications",
    title: "another gateway",
    breakIt: set((spec) => {
      for (const rule of spec.egress) for (const peer of rule.to) peer.podSelector.matchLabels = { app: "other" };
    }),
  },
  { kind: "NetworkPolicy", namespace: "gateways", title: "deleted", breakIt: gone },
  {
    kind: "NetworkPolicy",
    namespace: "gateways",
    title: "no caller",
    breakIt: set((spec) => {
      delete spec.ingress;
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "gateways",
    title: "callers of another namespace",
    breakIt: set((spec) => {
      for (const rule of spec.ingress)
        for (const peer of rule.from) peer.namespaceSelector.matchLabels = { "kubernetes.io/metadata.name": "nowhere" };
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "gateways",
    title: "callers at other ports",
    breakIt: set((spec) => {
      for (const rule of spec.ingress) for (const port of rule.ports) port.port = 1;
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "gateways",
    title: "no way out",
    breakIt: set((spec) => {
      spec.egress = spec.egress.filter((rule: Draft) => rule.to.every((peer: Draft) => peer.ipBlock === undefined));
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "gateways",
    title: "out to private ranges only",
    breakIt: set((spec) => {
      for (const rule of spec.egress)
        for (const peer of rule.to) if (peer.ipBlock !== undefined) peer.ipBlock = { cidr: "10.0.0.0/8" };
    }),
  },
  {
    kind: "NetworkPolicy",
    namespace: "gateways",
    title: "out at other ports",
    breakIt: set((spec) => {
      for (const rule of spec.egress)
        if (rule.to[0].ipBlock !== undefined) for (const port of rule.ports) port.port = 1;
    }),
  },
];
