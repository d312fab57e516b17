import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { age, compact, oftenIn, rarely, timestamp } from "./pools";

const serverHosts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(["x.com"], ["*"], ["x.com", "www.x.com"], ["y.com"]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(["*.x.com"], ["*.com"], ["./x.com"], ["egress/x.com", "y.com"], ["app/*"], ["*/x.com"]),
  },
);

const kind = oftenIn(
  { protocol: "HTTPS", tls: { mode: "ISTIO_MUTUAL" } },
  { protocol: "TLS", tls: { mode: "ISTIO_MUTUAL" } },
  { protocol: "TLS", tls: { mode: "PASSTHROUGH" } },
  { protocol: "HTTPS", tls: { mode: "PASSTHROUGH" } },
  { protocol: "HTTP", tls: undefined },
  { protocol: "HTTP", tls: { httpsRedirect: true } },
  { protocol: "HTTP", tls: { mode: "PASSTHROUGH" } },
  { protocol: "TCP", tls: undefined },
  { protocol: "HTTPS", tls: { mode: "SIMPLE", credentialName: "cert" } },
  { protocol: "HTTPS", tls: { mode: "MUTUAL", credentialName: "cert" } },
  { protocol: "TLS", tls: { mode: "SIMPLE", credentialName: "cert" } },
  { protocol: "HTTPS", tls: { mode: "ISTIO_MUTUAL", subjectAltNames: ["spiffe://cluster.local/ns/app/sa/a"] } },
);

const number = fc.oneof(
  { weight: 5, arbitrary: fc.constant(443) },
  { weight: 3, arbitrary: fc.constant(80) },
  { weight: 1, arbitrary: fc.constantFrom(8443, 8080, 15443, 5432) },
);

const server = fc.record({ number, kind, hosts: serverHosts, bind: rarely(fc.constant("10.1.0.8"), 16) });

export const gateway: fc.Arbitrary<Manifest> = fc
  .record({
    namespace: oftenIn("egress", "app", "other"),
    name: oftenIn("gateway-a", "gateway-b", "gateway-c"),
    selector: oftenIn<Record<string, string> | undefined>(
      { istio: "egressgateway" },
      { app: "gw" },
      { istio: "egressgateway2" },
      undefined,
    ),
    servers: fc.array(server, { minLength: 1, maxLength: 3 }),
    age,
  })
  .map((spec) =>
    compact({
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name: spec.name, namespace: spec.namespace, creationTimestamp: timestamp(spec.age) },
      spec: {
        selector: spec.selector,
        servers: spec.servers.map((s, i) => ({
          port: { number: s.number, name: `p${i}`, protocol: s.kind.protocol },
          hosts: s.hosts,
          tls: s.kind.tls,
          bind: s.bind,
        })),
      },
    }),
  );
