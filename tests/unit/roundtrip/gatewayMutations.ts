import { type Draft, gone, type Mutation, set } from "./mutation";
import { originationMutations } from "./originationMutations";

/** The links from the gateway to a destination, each in every way that it can break. */
export const GATEWAY_MUTATIONS: readonly Mutation[] = [
  { kind: "ServiceEntry", namespace: "gateways", title: "deleted", breakIt: gone },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "another host",
    breakIt: set((spec) => {
      spec.hosts = ["other.example"];
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "exported elsewhere",
    breakIt: set((spec) => {
      spec.exportTo = ["nowhere"];
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "another port",
    breakIt: set((spec) => {
      for (const port of spec.ports) port.number += 1000;
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "resolution NONE",
    breakIt: set((spec) => {
      spec.resolution = "NONE";
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "the address of a CIDR taken away",
    only: ({ host }) => host.endpoint !== undefined,
    breakIt: set((spec) => {
      delete spec.endpoints;
    }),
  },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "another address of a CIDR",
    only: ({ host }) => host.endpoint !== undefined,
    breakIt: set((spec) => {
      spec.endpoints[0].address = "203.0.113.77";
    }),
    elsewhere: true,
  },
  {
    kind: "ServiceEntry",
    namespace: "gateways",
    title: "without the target port",
    only: ({ host, port }) =>
      !host.name.startsWith("*") && port.originateTls !== undefined && port.originateTls.port !== port.number,
    breakIt: set((spec) => {
      for (const port of spec.ports) delete port.targetPort;
    }),
    elsewhere: true,
  },
  ...originationMutations(),
  { kind: "VirtualService", namespace: "gateways", title: "deleted", breakIt: gone },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "for another host",
    breakIt: set((spec) => {
      spec.hosts = ["other.example"];
    }),
  },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "bound to another gateway",
    breakIt: set((spec) => {
      spec.gateways = ["nowhere/none"];
    }),
  },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "exported elsewhere",
    breakIt: set((spec) => {
      spec.exportTo = ["nowhere"];
    }),
  },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "routes to another host",
    breakIt: set((spec) => {
      for (const rule of [...(spec.http ?? []), ...(spec.tcp ?? [])]) rule.route[0].destination.host = "other.example";
    }),
  },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "routes to another port",
    breakIt: set((spec) => {
      for (const rule of [...(spec.http ?? []), ...(spec.tcp ?? [])]) rule.route[0].destination.port.number = 9999;
    }),
  },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "matches another port",
    breakIt: set((spec) => {
      for (const rule of [...(spec.http ?? []), ...(spec.tcp ?? [])]) rule.match[0].port = 9999;
    }),
  },
  {
    kind: "VirtualService",
    namespace: "gateways",
    title: "a subset that nobody defines",
    breakIt: set((spec) => {
      for (const rule of [...(spec.http ?? []), ...(spec.tcp ?? [])]) rule.route[0].destination.subset = "none";
    }),
  },
  { kind: "Gateway", namespace: "gateways", title: "deleted", breakIt: gone },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "selects other pods",
    breakIt: set((spec) => {
      spec.selector = { app: "nothing" };
    }),
  },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "servers for other hosts",
    breakIt: set((spec) => {
      for (const server of spec.servers) server.hosts = ["./other.example"];
      spec.servers = spec.servers.filter(
        (server: Draft, index: number, all: Draft[]) =>
          all.findIndex((other) => other.port.number === server.port.number) === index,
      );
    }),
  },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "servers on other ports",
    breakIt: set((spec) => {
      for (const server of spec.servers) server.port.number += 1000;
    }),
  },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "servers for VirtualServices of another namespace",
    breakIt: set((spec) => {
      for (const server of spec.servers)
        server.hosts = server.hosts.map((host: string) => host.replace("./", "nowhere/"));
    }),
  },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "admits other identities",
    breakIt: set((spec) => {
      for (const server of spec.servers) server.tls.subjectAltNames = ["spiffe://cluster.local/ns/nowhere/sa/nobody"];
    }),
  },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "passes TLS through instead of ending it",
    breakIt: set((spec) => {
      for (const server of spec.servers) {
        server.port.protocol = "TLS";
        server.tls = { mode: "PASSTHROUGH" };
      }
    }),
  },
  {
    kind: "Gateway",
    namespace: "gateways",
    title: "admits every identity",
    breakIt: set((spec) => {
      for (const server of spec.servers) delete server.tls.subjectAltNames;
    }),
    survives: true,
  },
  { kind: "Release", namespace: "gateways", title: "deleted", breakIt: gone, unknown: true },
  {
    kind: "Release",
    namespace: "gateways",
    title: "pods of other labels",
    breakIt: set((spec) => {
      spec.values.labels = { ...spec.values.labels, app: "other" };
    }),
  },
  {
    kind: "Release",
    namespace: "gateways",
    title: "Service without the ports",
    breakIt: set((spec) => {
      spec.values.service.ports = spec.values.service.ports.slice(0, 1);
    }),
  },
  {
    kind: "Release",
    namespace: "gateways",
    title: "another service account",
    breakIt: set((spec) => {
      spec.values.serviceAccount = { name: "other" };
    }),
  },
];
