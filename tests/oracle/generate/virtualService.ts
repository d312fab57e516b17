import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import {
  age,
  compact,
  EXTERNAL,
  exportTo,
  externalHost,
  gatewayHost,
  likely,
  often,
  oftenIn,
  rarely,
  timestamp,
  WEB_HOST,
} from "./pools";

const gatewayPort = oftenIn<number | undefined>(443, 80, undefined, 15443, 8443);
const toGateway = fc.record({ host: gatewayHost, port: gatewayPort }).map(destination);
const toExternal = fc
  .record({ host: fc.constantFrom(...EXTERNAL), port: oftenIn<number | undefined>(443, 80, undefined, 8080) })
  .map(destination);
const toMesh = fc.constantFrom({ host: WEB_HOST, port: { number: 80 } }, { host: "web", port: { number: 80 } });
const subsetOfGateway = fc
  .constantFrom("v1", "v2")
  .map((subset) => ({ host: "gw.egress.svc.cluster.local", subset, port: { number: 443 } }));

const anyDestination = fc.oneof(
  { weight: 6, arbitrary: toGateway },
  { weight: 4, arbitrary: toExternal },
  { weight: 1, arbitrary: toMesh },
  { weight: 1, arbitrary: subsetOfGateway },
);

function destination({ host, port }: { host: string; port?: number }): Record<string, unknown> {
  return compact({ host, port: port ? { number: port } : undefined });
}

const routes = fc.oneof(
  { weight: 5, arbitrary: anyDestination.map((d) => [{ destination: d }]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyDestination, anyDestination, fc.constantFrom([50, 50], [100, 0], [1, 99]))
      .map(([a, b, [x, y]]) => [
        { destination: a, weight: x },
        { destination: b, weight: y },
      ]),
  },
);

const gatewayNames = fc.constantFrom(["mesh"], ["egress/gateway-a"], ["mesh", "egress/gateway-a"], ["other/gateway-b"]);
const scope = {
  gateways: often(gatewayNames, 2),
  port: rarely(fc.constantFrom(80, 443, 8080), 3),
  sourceLabels: rarely(fc.constantFrom({ app: "a" }, { app: "b" }, { istio: "egressgateway" }), 5),
  sourceNamespace: rarely(fc.constantFrom("app", "egress"), 7),
};

const httpMatch = fc.record({
  ...scope,
  uri: rarely(fc.constantFrom({ prefix: "/api" }, { exact: "/" }, { prefix: "/" }, { regex: "/a.*" }), 4),
  method: rarely(fc.constantFrom({ exact: "GET" }, { exact: "POST" }), 8),
  authority: rarely(fc.constantFrom({ exact: "x.com" }, { exact: "y.com" }, { prefix: "www" }), 8),
  headers: rarely(fc.constantFrom({ team: { exact: "red" } }, { team: {} }), 8),
  withoutHeaders: rarely(fc.constant({ team: { exact: "red" } }), 12),
});

const answer = fc.constantFrom(
  { redirect: { authority: "y.com" } },
  { directResponse: { status: 418 } },
  { directResponse: { status: 503 } },
);
const action = fc.oneof({ weight: 9, arbitrary: routes.map((route) => ({ route })) }, { weight: 1, arbitrary: answer });

const httpRule = fc
  .record({
    match: rarely(fc.array(httpMatch, { minLength: 1, maxLength: 2 }), 2),
    action,
    mirror: rarely(anyDestination, 10),
    rewrite: rarely(fc.constantFrom({ authority: "y.com" }, { authority: "x.com" }, { uri: "/api" }), 8),
    fault: rarely(
      fc.constantFrom(100, 50).map((value) => ({ abort: { httpStatus: 418, percentage: { value } } })),
      14,
    ),
  })
  .map(({ action: act, mirror, rewrite, fault, match }) =>
    "route" in act ? { match, ...act, mirror, rewrite, fault } : { match, ...act },
  );

const delegating = fc
  .constantFrom({ name: "delegate" }, { name: "delegate", namespace: "egress" })
  .map((delegate) => ({ delegate }));

const sniHosts = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(fc.constantFrom<string>(...EXTERNAL), { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(["*.x.com"], ["*.com"]) },
);
const tlsMatch = fc.record({ ...scope, sniHosts, destinationSubnets: rarely(fc.constant(["198.18.1.0/24"]), 10) });
const tlsRule = fc.record({ match: fc.array(tlsMatch, { minLength: 1, maxLength: 2 }), route: routes });
const tcpMatch = fc.record({ ...scope, destinationSubnets: rarely(fc.constant(["198.18.1.0/24"]), 6) });
const tcpRule = fc.record({ match: rarely(fc.array(tcpMatch, { minLength: 1, maxLength: 2 }), 2), route: routes });

export const virtualService: fc.Arbitrary<Manifest> = fc
  .record({
    namespace: likely,
    name: fc.constantFrom("vs-a", "vs-b", "vs-c", "delegate"),
    hosts: fc.uniqueArray(externalHost, { minLength: 1, maxLength: 2 }),
    gateways: oftenIn<string[] | undefined>(
      ["mesh", "egress/gateway-a"],
      undefined,
      ["mesh"],
      ["egress/gateway-a"],
      ["gateway-a"],
      ["other/gateway-b", "mesh"],
    ),
    http: often(
      fc.array(fc.oneof({ weight: 12, arbitrary: httpRule }, { weight: 1, arbitrary: delegating }), {
        minLength: 1,
        maxLength: 3,
      }),
      3,
    ),
    tls: rarely(fc.array(tlsRule, { minLength: 1, maxLength: 2 }), 2),
    tcp: rarely(fc.array(tcpRule, { minLength: 1, maxLength: 2 }), 1),
    exportTo,
    age,
  })
  .map((spec) => {
    const delegate = spec.name === "delegate";
    return compact({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: spec.name, namespace: spec.namespace, creationTimestamp: timestamp(spec.age) },
      spec: {
        hosts: delegate ? undefined : spec.hosts,
        gateways: delegate ? undefined : spec.gateways,
        http: spec.http ?? (spec.tls || spec.tcp ? undefined : [{ route: [{ destination: { host: "x.com" } }] }]),
        tls: delegate
          ? undefined
          : spec.tls?.map((r) => ({
              ...r,
              match: r.match.map((m) => ({ ...m, sniHosts: fitting(m.sniHosts, spec.hosts) })),
            })),
        tcp: delegate ? undefined : spec.tcp,
        exportTo: spec.exportTo,
      },
    });
  });

/** Validation wants each server name under a host of the VirtualService. */
function fitting(names: readonly string[], hosts: string[]): string[] {
  const kept = names.filter((name) =>
    hosts.some((host) => host === name || (host.startsWith("*") && name.endsWith(host.slice(1)))),
  );
  return kept.length ? kept : hosts.slice(0, 1);
}
