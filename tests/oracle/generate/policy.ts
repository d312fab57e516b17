import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { age, compact, often, oftenIn, rarely, timestamp } from "./pools";

const A = "cluster.local/ns/app/sa/a";
const source = fc.constantFrom<Record<string, unknown>>(
  { principals: [A] },
  { principals: ["*"] },
  { principals: ["*/sa/a"] },
  { notPrincipals: [A] },
  { namespaces: ["app"] },
  { namespaces: ["app*"] },
  { notNamespaces: ["app"] },
  { serviceAccounts: ["a"] },
  { serviceAccounts: ["app/a"] },
  { ipBlocks: ["10.1.0.1"] },
  { ipBlocks: ["10.1.0.0/24"], principals: [A] },
  { trustDomains: ["cluster.local"] },
  { requestPrincipals: ["*"] },
  { remoteIpBlocks: ["10.1.0.2"] },
);
const operation = fc.constantFrom<Record<string, unknown>>(
  { hosts: ["x.com"] },
  { hosts: ["*.com"] },
  { hosts: ["X.com:80", "x.com"] },
  { notHosts: ["x.com"] },
  { ports: ["8443"] },
  { ports: ["443"] },
  { ports: ["8080"] },
  { notPorts: ["8443"] },
  { methods: ["GET"] },
  { paths: ["/api*"] },
  { paths: ["/{*}"] },
  { hosts: ["x.com"], ports: ["8443"] },
);
const condition = fc.constantFrom<Record<string, unknown>>(
  { key: "connection.sni", values: ["x.com"] },
  { key: "connection.sni", values: ["*.com", "outbound_*"] },
  { key: "connection.sni", notValues: ["x.com"] },
  { key: "source.namespace", values: ["app"] },
  { key: "source.principal", values: [A] },
  { key: "destination.port", values: ["8443"] },
  { key: "request.headers[team]", values: ["red"] },
  { key: "source.ip", values: ["10.1.0.1"] },
  { key: "source.serviceAccount", values: ["app/a"] },
);
const rule = fc
  .record({
    from: often(
      fc.array(
        source.map((s) => ({ source: s })),
        { minLength: 1, maxLength: 2 },
      ),
      3,
    ),
    to: often(
      fc.array(
        operation.map((o) => ({ operation: o })),
        { minLength: 1, maxLength: 2 },
      ),
      2,
    ),
    when: rarely(fc.array(condition, { minLength: 1, maxLength: 2 }), 1),
  })
  .map(compact);

export const authorizationPolicy: fc.Arbitrary<Manifest> = fc
  .record({
    namespace: oftenIn("egress", "istio-system", "app", "other"),
    name: fc.constantFrom("ap-a", "ap-b", "ap-c"),
    selector: often(oftenIn({ matchLabels: { istio: "egressgateway" } }, { matchLabels: { app: "other" } }), 4),
    action: oftenIn("ALLOW", "DENY", "AUDIT"),
    rules: often(fc.array(rule, { minLength: 1, maxLength: 2 }), 12),
    dryRun: rarely(fc.constant("true"), 20),
    age,
  })
  .map((spec) =>
    compact({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: {
        name: spec.name,
        namespace: spec.namespace,
        creationTimestamp: timestamp(spec.age),
        annotations: spec.dryRun ? { "istio.io/dry-run": "true" } : undefined,
      },
      spec: { selector: spec.selector, action: spec.action, rules: spec.rules },
    }),
  );
