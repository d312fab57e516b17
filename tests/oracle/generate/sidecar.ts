import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { age, compact, often, rarely, timestamp } from "./pools";

const host = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("./*", "egress/*", "*/*") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "egress/x.com",
      "egress/www.x.com",
      "./x.com",
      "*/x.com",
      "egress/*.x.com",
      "*/*.com",
      "istio-system/*",
      "app2/*",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("~/*", "~egress/*", "~./*", "~*/y.com", "egress/gw.egress.svc.cluster.local", "other/*"),
  },
);
const hosts = fc.uniqueArray(host, { minLength: 1, maxLength: 3 });

const portListener = fc.record({
  port: fc.constantFrom(
    { number: 80, protocol: "HTTP", name: "http" },
    { number: 443, protocol: "TLS", name: "tls" },
    { number: 443, protocol: "HTTPS", name: "https" },
    { number: 443, protocol: "HTTP", name: "http-on-443" },
    { number: 5432, protocol: "TCP", name: "db" },
    { number: 8080, protocol: "HTTP", name: "alt" },
  ),
  hosts,
  bind: rarely(fc.constant("198.18.1.1"), 8),
});

const egress = fc.tuple(rarely(portListener, 4), often(hosts, 8)).map(([listener, rest]) => {
  const list: Record<string, unknown>[] = [];
  if (listener) list.push(listener);
  if (rest) list.push({ hosts: rest });
  return list.length ? list : undefined;
});

export const sidecar: fc.Arbitrary<Manifest> = fc
  .record({
    namespace: fc.constantFrom("app", "app", "app", "istio-system", "app2"),
    name: fc.constantFrom("default", "sidecar-a", "sidecar-b"),
    selector: rarely(fc.constantFrom({ labels: { app: "a" } }, { labels: { app: "b" } }, {}), 3),
    egress: often(egress, 6),
    policy: often(fc.constantFrom({ mode: "REGISTRY_ONLY" }, { mode: "ALLOW_ANY" }, {}), 2),
    age,
  })
  .map((spec) =>
    compact({
      apiVersion: "networking.istio.io/v1",
      kind: "Sidecar",
      metadata: { name: spec.name, namespace: spec.namespace, creationTimestamp: timestamp(spec.age) },
      spec: {
        workloadSelector: spec.selector,
        egress: spec.egress ?? (spec.policy || spec.selector?.labels ? undefined : [{ hosts: ["*/*"] }]),
        outboundTrafficPolicy: spec.policy,
      },
    }),
  );
