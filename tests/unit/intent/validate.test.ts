import assert from "node:assert/strict";
import fc from "fast-check";
import { formatProblem, validate } from "../../../graph";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { demoConfig } from "../../support/demo";
import { APPLICATION_FAULTS } from "./faults/applications";
import { GATEWAY_FAULTS } from "./faults/gateways";
import { GUARD_FAULTS } from "./faults/guards";
import { HOST_FAULTS } from "./faults/hosts";
import { INSTALLATION_FAULTS } from "./faults/installation";
import { PORT_FAULTS } from "./faults/ports";
import { destination, gateways, good, TCP, terms, with_ } from "./faults/spoilt";

const TODAY = "2026-11-24";

function lines(config: unknown): string[] {
  const result = validate(config, { today: TODAY });
  return result.ok ? [] : result.problems.map(formatProblem);
}

function warnings(config: unknown): string[] {
  const result = validate(config, { today: TODAY });
  assert.ok(result.ok, lines(config).join());
  return result.warnings.map(formatProblem);
}

const BAD = [
  ...GUARD_FAULTS,
  ...GATEWAY_FAULTS,
  ...PORT_FAULTS,
  ...APPLICATION_FAULTS,
  ...HOST_FAULTS,
  ...INSTALLATION_FAULTS,
];

describe("intent: validation", () => {
  it("accepts the demo and the good configuration", () => {
    assert.deepEqual(lines(demoConfig()), []);
    assert.deepEqual(lines(good()), []);
  });

  for (const [title, config, line] of BAD) {
    it(`refuses ${title}`, () => assert.deepEqual(lines(config), [line]));
  }

  it("takes TCP hosts without addresses where sidecars answer DNS", () => {
    const { destinations } = destination({ ports: TCP }) as { destinations: Record<string, unknown> };
    assert.deepEqual(lines(with_({ destinations, istio: { dnsCapture: true } })), []);
    assert.equal(
      lines(with_({ destinations, istio: { dnsCapture: false }, guards: { clusterDns: false } })).length > 0,
      true,
    );
  });

  it("refuses on wildcard hosts what their many names make impossible", () => {
    const tcp = lines(destination({ hosts: ["*.w.example"], ports: TCP }));
    const start =
      'destinations.github.hosts[0] = "*.w.example": cannot have TCP port 5432: a TCP connection names no host';
    assert.ok(tcp.some((line) => line.startsWith(start)));
    const ports = (originateTls: object, number = 80) => [{ number, protocol: "HTTP", originateTls }];
    const paths = (list: object[]) =>
      lines(destination({ hosts: ["*.w.example"], ports: list })).filter((line) => line.includes("originateTls"));
    assert.deepEqual(paths(ports({})), []);
    assert.match(
      paths(ports({ sni: "a.w.example" })).join(),
      /originateTls\.sni = .* is not possible with the wildcard host/,
    );
    assert.match(paths(ports({ subjectAltNames: ["a.w.example"] })).join(), /originateTls\.subjectAltNames = /);
    assert.match(paths(ports({}, 8080)).join(), /only from 80 to 443 is possible/);
    assert.match(paths(ports({ port: 8443 })).join(), /only from 80 to 443 is possible/);
  });

  it("lists every problem at once, faults of shape beside faults of meaning", () => {
    const config = {
      gatewayNamespase: "x",
      destinations: { github: { hosts: ["*.github.com", "http://a.example"] }, bad: { hosts: 7 } },
      applications: [
        { namespace: "shop", name: "cart", allow: ["gitub", "bad"] },
        { namespace: "shop", allow: [] },
      ],
    };
    const paths = lines(config).map((line) => line.split(/[ :]/)[0]);
    assert.deepEqual(paths.sort(), [
      "applications[0].allow[0]",
      "applications[1].allow",
      "applications[1].name",
      "destinations.bad.hosts",
      "destinations.github.hosts[0]",
      "destinations.github.hosts[1]",
      "gatewayNamespase",
    ]);
  });

  it("says everything that pods without the cluster's DNS need", () => {
    const guards = { clusterDns: false, networkPolicy: false };
    const config = { ...(destination({ hosts: ["*.github.com"] }) as object), istio: { dnsCapture: false }, guards };
    assert.deepEqual(
      lines(config)
        .map((line) => line.split(/[ :]/)[0])
        .sort(),
      [
        "destinations.github.hosts[0]",
        ...(lines(destination({ hosts: ["*.github.com"] })).length > 0 ? ["destinations.github.hosts[0]"] : []),
        "gateways.github.clusterIp",
        "gateways.httpbin.clusterIp",
        "guards.networkPolicy",
        "istio.discoveryIp",
        "istio.dnsCapture",
      ],
    );
    const good = {
      guards: { clusterDns: false },
      istio: { discoveryIp: "198.18.128.15" },
      gateways: { github: { clusterIp: "198.18.128.20" }, httpbin: { clusterIp: "198.18.128.21" } },
    };
    assert.deepEqual(lines(with_(good)), []);
  });

  it("survives anything that YAML can hold", () => {
    fc.assert(
      fc.property(fc.anything(), (config) => Array.isArray(lines(config))),
      { seed: 7 },
    );
  });

  it("accepts every configuration of the generator, in any order of its lists", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => assert.deepEqual(lines(config), [])),
      { seed: 7 },
    );
  });

  it("fills in the defaults", () => {
    const result = validate(good(), { today: TODAY });
    assert.ok(result.ok);
    const { intent } = result;
    assert.equal(intent.gatewayNamespace, "external");
    assert.equal(intent.routesNamespace, "external-routes");
    assert.deepEqual(
      intent.gateways.map(({ service }) => service),
      ["egress-github", "egress-httpbin"],
    );
    assert.deepEqual(intent.destinations[0]?.ports, [
      { number: 80, protocol: "HTTP", originateTls: undefined },
      { number: 443, protocol: "TLS", originateTls: undefined },
    ]);
    assert.deepEqual(intent.applications[0]?.selector, { app: "cart" });
    assert.equal(intent.applications[0]?.serviceAccount, "cart");
  });

  it("warns of allowances from 14 days before their last day on, and refuses none of them", () => {
    assert.deepEqual(warnings(terms({ expires: "2026-12-09" })), []);
    assert.deepEqual(warnings(terms({ expires: "2026-12-08", owner: "team-a" })), [
      'applications[0].terms.github.expires = "2026-12-08": is the last day of the allowance, in 14 days. Remove the allowance or set a later day.',
    ]);
    const words = ["2026-11-25", "2026-11-24"].map((expires) => warnings(terms({ expires }))[0] ?? "");
    assert.match(words[0] ?? "", /is the last day of the allowance, tomorrow\./);
    assert.match(words[1] ?? "", /is the last day of the allowance, today\./);
  });

  it("lays a gateway's options over the defaults of all, and its own way of scaling over theirs", () => {
    const options = (config: unknown) => {
      const result = validate(config, { today: TODAY });
      assert.ok(result.ok, lines(config).join());
      return result.intent.gateways.map(({ options: { replicas, autoscaling, minAvailable, drainSeconds } }) => ({
        pods: autoscaling === undefined ? replicas : [autoscaling.minReplicas, autoscaling.maxReplicas],
        minAvailable,
        drainSeconds,
      }));
    };
    assert.deepEqual(options(good())[0], { pods: 2, minAvailable: 1, drainSeconds: 30 });
    assert.deepEqual(options(gateways({ autoscaling: { maxReplicas: 5 } }, { replicas: 1, drainSeconds: 0 })), [
      { pods: [2, 5], minAvailable: 1, drainSeconds: 0 },
      { pods: 1, minAvailable: undefined, drainSeconds: 0 },
    ]);
    assert.deepEqual(options(gateways({ replicas: 3, minAvailable: 0 }, { autoscaling: { maxReplicas: 9 } })), [
      { pods: 3, minAvailable: undefined, drainSeconds: 30 },
      { pods: [2, 9], minAvailable: 1, drainSeconds: 30 },
    ]);
  });
});
