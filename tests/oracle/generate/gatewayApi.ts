import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { age, compact, GATEWAY_HOST, oftenIn, rarely, timestamp } from "./pools";

const entryParent = fc
  .record({
    name: fc.constantFrom("se-a", "se-b"),
    namespace: oftenIn("egress", "app"),
    port: rarely(fc.constantFrom(80, 443), 3),
  })
  .map((p) => ({
    group: "networking.istio.io",
    kind: "ServiceEntry",
    ...p,
  }));
const gatewayParent = fc
  .record({ sectionName: rarely(fc.constantFrom("http", "tls"), 2) })
  .map((p) => ({ name: "kgw", namespace: "egress", ...p }));
const parentRefs = fc.oneof(
  { weight: 2, arbitrary: entryParent.map((p) => [p]) },
  { weight: 2, arbitrary: gatewayParent.map((p) => [p]) },
  { weight: 1, arbitrary: fc.tuple(entryParent, gatewayParent) },
);
const hostnameBackend = fc
  .record({ name: oftenIn("x.com", "y.com", "nowhere.com", GATEWAY_HOST), port: oftenIn(443, 80) })
  .map((b) => ({ group: "networking.istio.io", kind: "Hostname", ...b }));
const serviceBackend = fc.constantFrom(
  { name: "kgw-istio", namespace: "egress", port: 443 },
  { name: "kgw-istio", namespace: "egress", port: 80 },
  { name: "gw", namespace: "egress", port: 443 },
);
const backend = fc.oneof(hostnameBackend, serviceBackend);
const backendRefs = fc.oneof(
  { weight: 4, arbitrary: backend.map((b) => [b]) },
  {
    weight: 1,
    arbitrary: fc.tuple(backend, backend).map(([a, b]) => [
      { ...a, weight: 1 },
      { ...b, weight: 9 },
    ]),
  },
);
const hostnames = rarely(fc.constantFrom(["x.com"], ["*.com"], ["y.com"]), 2);
const match = fc.constantFrom<Record<string, unknown>>(
  { path: { type: "PathPrefix", value: "/api" } },
  { path: { type: "Exact", value: "/" } },
  { method: "GET" },
  { headers: [{ name: "team", value: "red" }] },
);

const base = {
  namespace: oftenIn("egress", "app", "other"),
  name: fc.constantFrom("route-a", "route-b"),
  parentRefs,
  hostnames,
  age,
};

const httpRoute = fc
  .record({
    ...base,
    rules: fc.array(fc.record({ matches: rarely(fc.array(match, { minLength: 1, maxLength: 2 }), 2), backendRefs }), {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map((spec) => routeOf("HTTPRoute", "gateway.networking.k8s.io/v1", spec));

const tlsRoute = fc
  .record({ ...base, rules: backendRefs.map((refs) => [{ backendRefs: refs }]) })
  .map((spec) =>
    routeOf("TLSRoute", "gateway.networking.k8s.io/v1", { ...spec, hostnames: spec.hostnames ?? ["x.com"] }),
  );

function routeOf(kind: string, apiVersion: string, spec: Record<string, unknown> & { age: number }): Manifest {
  const { name, namespace, age: minutes, ...rest } = spec;
  return compact({
    apiVersion,
    kind,
    metadata: { name: String(name), namespace: String(namespace), creationTimestamp: timestamp(minutes) },
    spec: rest,
  });
}

const listener = fc.constantFrom<Record<string, unknown>>(
  { name: "http", port: 80, protocol: "HTTP" },
  { name: "tls", port: 443, protocol: "TLS", tls: { mode: "Passthrough" } },
  {
    name: "tls",
    port: 443,
    protocol: "HTTPS",
    tls: { mode: "Terminate", options: { "gateway.istio.io/tls-terminate-mode": "ISTIO_MUTUAL" } },
  },
);

export const kubeGateway: fc.Arbitrary<Manifest> = fc
  .record({
    listeners: fc.uniqueArray(listener, { minLength: 1, maxLength: 2, selector: (l) => l.port }),
    from: oftenIn("All", "Same"),
    hostname: rarely(fc.constantFrom("x.com", "*.com"), 3),
    age,
  })
  .map((spec) =>
    compact({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: {
        name: "kgw",
        namespace: "egress",
        creationTimestamp: timestamp(spec.age),
        annotations: { "networking.istio.io/service-type": "ClusterIP" },
      },
      spec: {
        gatewayClassName: "istio",
        listeners: spec.listeners.map((l) => ({
          ...l,
          hostname: spec.hostname,
          allowedRoutes: { namespaces: { from: spec.from } },
        })),
      },
    }),
  );

export const kubeRoute = fc.oneof({ weight: 3, arbitrary: httpRoute }, { weight: 1, arbitrary: tlsRoute });
