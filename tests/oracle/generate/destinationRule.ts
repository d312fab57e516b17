import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { age, compact, exportTo, GATEWAY_HOST, likely, often, oftenIn, rarely, timestamp } from "./pools";

const host = oftenIn(
  GATEWAY_HOST,
  "x.com",
  "*.com",
  "*.local",
  "*.egress.svc.cluster.local",
  "www.x.com",
  "y.com",
  "gw2.other.svc.cluster.local",
  "gw",
);

const tls = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        sni: often(fc.constantFrom("x.com", "www.x.com", "y.com"), 2),
        subjectAltNames: rarely(
          fc.constantFrom(["spiffe://cluster.local/ns/egress/sa/gw"], ["spiffe://cluster.local/ns/app/sa/a"]),
          8,
        ),
      })
      .map((extra) => ({ mode: "ISTIO_MUTUAL", ...extra })),
  },
  { weight: 2, arbitrary: fc.constantFrom({ mode: "DISABLE" }, { mode: "SIMPLE" }, { mode: "SIMPLE", sni: "x.com" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { mode: "SIMPLE", credentialName: "secret" },
      { mode: "SIMPLE", sni: "x.com", subjectAltNames: ["x.com"] },
    ),
  },
);
const pool = { connectionPool: { tcp: { maxConnections: 10 } } };
const portLevel = fc
  .record({ number: fc.constantFrom(443, 80, 8443), tls: rarely(tls, 5) })
  .map(({ number, tls: setting }) => ({ port: { number }, ...(setting ? { tls: setting } : pool) }));
const policy = fc
  .record({
    tls: often(tls, 2),
    ports: rarely(fc.uniqueArray(portLevel, { minLength: 1, maxLength: 2, selector: (p) => p.port.number }), 3),
  })
  .map(({ tls: setting, ports }) => {
    const made = compact({ tls: setting, portLevelSettings: ports });
    return Object.keys(made).length ? made : undefined;
  });
const subset = fc.record({
  name: fc.constantFrom("v1", "v2"),
  labels: rarely(fc.constantFrom({ app: "gw" }, { version: "none" }), 3),
  trafficPolicy: rarely(policy, 2),
});

export const destinationRule: fc.Arbitrary<Manifest> = fc
  .record({
    namespace: likely,
    name: fc.constantFrom("dr-a", "dr-b", "dr-c"),
    host,
    trafficPolicy: often(policy, 6),
    subsets: rarely(fc.uniqueArray(subset, { minLength: 1, maxLength: 2, selector: (s) => s.name }), 2),
    workloadSelector: rarely(fc.constantFrom({ matchLabels: { app: "a" } }, { matchLabels: { app: "b" } }), 6),
    exportTo,
    age,
  })
  .map((spec) =>
    compact({
      apiVersion: "networking.istio.io/v1",
      kind: "DestinationRule",
      metadata: { name: spec.name, namespace: spec.namespace, creationTimestamp: timestamp(spec.age) },
      spec: {
        host: spec.host,
        trafficPolicy: spec.trafficPolicy,
        subsets: spec.subsets,
        workloadSelector: spec.workloadSelector,
        exportTo: spec.workloadSelector ? undefined : spec.exportTo,
      },
    }),
  );
