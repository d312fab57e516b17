import { gone, type Mutation, set } from "./mutation";

/** The links of the applications' side, and of the applications themselves, each in every way that it can break. */
export const APPLICATION_MUTATIONS: readonly Mutation[] = [
  { kind: "ServiceEntry", namespace: "routes", title: "deleted", breakIt: gone },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "another host",
    breakIt: set((spec) => {
      spec.hosts = ["other.example"];
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "exported to another namespace",
    breakIt: set((spec) => {
      spec.exportTo = ["nowhere"];
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "exported to nobody",
    breakIt: set((spec) => {
      spec.exportTo = ["~"];
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "in another namespace",
    breakIt: (object) => ({ ...object, metadata: { ...object.metadata, namespace: "nowhere" } }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "endpoint taken away",
    breakIt: set((spec) => {
      delete spec.endpoints;
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "endpoint is no gateway's",
    breakIt: set((spec) => {
      spec.endpoints[0].address = "other.example";
      spec.resolution = "DNS";
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "endpoint on another port",
    breakIt: set((spec) => {
      for (const name of Object.keys(spec.endpoints[0].ports)) spec.endpoints[0].ports[name] = 9999;
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "another port",
    breakIt: set((spec) => {
      for (const port of spec.ports) port.number += 1000;
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "the protocols confused",
    breakIt: set((spec) => {
      for (const port of spec.ports) port.protocol = ["TLS", "TCP"].includes(port.protocol) ? "HTTP" : "UDP";
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "another address",
    only: ({ host }) => host.endpoint !== undefined,
    breakIt: set((spec) => {
      spec.addresses = ["203.0.113.77"];
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "routes",
    title: "addresses taken away",
    only: ({ host, port, dnsCapture }) => port.protocol === "TCP" && host.addresses.length > 0 && !dnsCapture,
    breakIt: set((spec) => {
      delete spec.addresses;
    }),
    survives: true,
  },
  { kind: "DestinationRule", namespace: "routes", title: "deleted", breakIt: gone },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "for another host",
    breakIt: set((spec) => {
      spec.host = "other.example";
    }),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "exported to another namespace",
    breakIt: set((spec) => {
      spec.exportTo = ["nowhere"];
    }),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "TLS mode DISABLE",
    breakIt: set((spec) => {
      spec.trafficPolicy.tls = { mode: "DISABLE" };
    }),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "TLS mode SIMPLE",
    breakIt: set((spec) => {
      spec.trafficPolicy.tls = { mode: "SIMPLE", sni: spec.host };
    }),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "another SNI",
    breakIt: set((spec) => {
      spec.trafficPolicy.tls.sni = "other.example";
    }),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "no SNI",
    breakIt: set((spec) => {
      delete spec.trafficPolicy.tls.sni;
    }),
    // Istio's own default ends with the host, so a wildcard takes it.
    only: ({ host }) => !host.name.startsWith("*"),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "another gateway's identity demanded",
    breakIt: set((spec) => {
      spec.trafficPolicy.tls.subjectAltNames = ["spiffe://cluster.local/ns/nowhere/sa/nobody"];
    }),
  },
  {
    kind: "DestinationRule",
    namespace: "routes",
    title: "a port entry that forgets TLS",
    breakIt: set((spec) => {
      spec.trafficPolicy.portLevelSettings = [80, 443, 5432, 8080, 8443].map((number) => ({
        port: { number },
        connectionPool: {},
      }));
    }),
  },
  { kind: "Sidecar", namespace: "applications", title: "the application's Sidecar deleted", breakIt: gone },
  {
    kind: "Sidecar",
    namespace: "applications",
    title: "selects other pods",
    breakIt: set((spec) => {
      spec.workloadSelector.labels = { app: "nothing" };
    }),
  },
  {
    kind: "Sidecar",
    namespace: "applications",
    title: "without the hosts",
    breakIt: set((spec) => {
      spec.egress[0].hosts = spec.egress[0].hosts.slice(0, 1);
    }),
  },
  {
    kind: "Sidecar",
    namespace: "applications",
    title: "hosts of another namespace",
    breakIt: set((spec) => {
      spec.egress[0].hosts = spec.egress[0].hosts.map((host: string) => host.replace(/^[^.][^/]*\//, "nowhere/"));
    }),
  },
  {
    kind: "Sidecar",
    namespace: "applications",
    title: "excludes the routes' namespace",
    breakIt: set((spec, { routes }) => {
      spec.egress[0].hosts.push(`~${routes}/*`);
    }),
  },
  {
    kind: "Sidecar",
    namespace: "applications",
    title: "lets unknown hosts pass",
    breakIt: set((spec) => {
      spec.outboundTrafficPolicy = { mode: "ALLOW_ANY" };
    }),
    survives: true,
  },
];
