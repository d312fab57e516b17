import { type Draft, gone, type Mutation, set } from "./mutation";
import { originationMutations } from "./originationMutations";

/** The links of the gateway's side, each in every way that it can break. */
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
  { kind: "AuthorizationPolicy", namespace: "gateways", title: "deleted", breakIt: gone },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "selects other pods",
    breakIt: set((spec) => {
      spec.selector = { matchLabels: { app: "nothing" } };
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "without rules",
    breakIt: set((spec) => {
      delete spec.rules;
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "allows other principals",
    breakIt: set((spec) => {
      for (const rule of spec.rules) rule.from = [{ source: { principals: ["cluster.local/ns/nowhere/sa/nobody"] } }];
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "principals with their scheme",
    breakIt: set((spec) => {
      for (const { source } of spec.rules.flatMap((rule: Draft) => rule.from))
        source.principals = source.principals?.map((name: string) => `spiffe://${name}`);
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "allows other hosts",
    breakIt: set((spec) => {
      for (const rule of spec.rules) {
        for (const condition of rule.when ?? []) condition.values = ["other.example"];
        for (const { operation } of rule.to) if (operation.hosts) operation.hosts = ["other.example"];
      }
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "ports that no server has",
    breakIt: set((spec) => {
      for (const { operation } of spec.rules.flatMap((rule: Draft) => rule.to)) operation.ports = ["1"];
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "allows another method, which connections do not have",
    breakIt: set((spec) => {
      for (const { operation } of spec.rules.flatMap((rule: Draft) => rule.to)) operation.methods = ["PATCH"];
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "denies what it allowed",
    breakIt: set((spec) => {
      spec.action = "DENY";
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "a dry run",
    breakIt: (object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { "istio.io/dry-run": "true" } },
    }),
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "without principals",
    breakIt: set((spec) => {
      for (const rule of spec.rules) delete rule.from;
    }),
    survives: true,
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    title: "without ports",
    breakIt: set((spec) => {
      for (const { operation } of spec.rules.flatMap((rule: Draft) => rule.to)) delete operation.ports;
    }),
    survives: true,
  },
  {
    kind: "AuthorizationPolicy",
    namespace: "gateways",
    name: "deny-by-default",
    title: "the denying one deleted",
    breakIt: gone,
    survives: true,
  },
  {
    kind: "PeerAuthentication",
    namespace: "gateways",
    name: "default",
    title: "deleted",
    breakIt: gone,
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
