import assert from "node:assert/strict";
import { mock } from "node:test";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AllowedFlow, ControlledEgress, type ControlledEgressArgs } from "../../../components";
import { releaseClaims } from "../../../components/claims";
import { keyOf, manifests, plan, withDefaults } from "../../../graph";
import { demoConfig } from "../../support/demo";
import { type Recorded, type Registration, record } from "../../support/mocks";

const COMPONENT = "controlled-egress:index:ControlledEgress";

function up(args: ControlledEgressArgs, options: { preview?: boolean } = {}): Promise<Recorded> {
  return record(() => new ControlledEgress("egress", args), options);
}

function children({ resources, error }: Recorded): Registration[] {
  assert.equal(error, undefined);
  assert.ok(resources.length > 0, "nothing was registered");
  return resources.filter(({ type }) => type !== COMPONENT && !type.startsWith("pulumi:"));
}

function nameOfResource({ urn }: pulumi.Resource): Promise<string | undefined> {
  return new Promise((resolve) => urn.apply((text) => resolve(text.split("::").at(-1))));
}

/** All that a registration waits for, near and far. */
function waitsFor(resources: Registration[], name: string, seen = new Set<string>()): Set<string> {
  for (const next of resources.find((resource) => resource.name === name)?.dependsOn ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    waitsFor(resources, next, seen);
  }
  return seen;
}

describe("component: ControlledEgress", () => {
  beforeEach(releaseClaims);

  for (const preview of [false, true]) {
    it(`registers exactly the planned objects of the demo, as its children${preview ? ", at preview too" : ""}`, async () => {
      const registered = children(await up(demoConfig(), { preview }));
      const planned = manifests(withDefaults(demoConfig()));
      assert.deepEqual(
        registered.map(({ name }) => name).sort(),
        planned
          .map(
            ({ kind, metadata }) =>
              `egress-${metadata.namespace ? `${metadata.namespace}-` : ""}${kind}-${metadata.name}`,
          )
          .sort(),
      );
      assert.deepEqual([...new Set(registered.map(({ parent }) => parent))], ["egress"]);
      const serviceEntry = registered.find(({ name }) => name === "egress-external-routes-ServiceEntry-github");
      assert.deepEqual(
        serviceEntry?.inputs.spec,
        planned.find((manifest) => keyOf(manifest) === "ServiceEntry external-routes/github")?.spec,
      );
      assert.equal(serviceEntry?.type, "kubernetes:networking.istio.io/v1:ServiceEntry");
    });
  }

  it("waits in the planned order: each dependsOn of the engine is one of the plan", async () => {
    const registered = children(await up(demoConfig()));
    const byKey = new Map(
      plan(withDefaults(demoConfig())).map(({ key, manifest, after }) => [key, { manifest, after }]),
    );
    const nameOf = (key: string) => {
      const { kind, metadata } = byKey.get(key)?.manifest ?? assert.fail(key);
      return ["egress", metadata.namespace, kind, metadata.name].filter((part) => part !== undefined).join("-");
    };
    for (const [key, { after }] of byKey) {
      const resource = registered.find(({ name }) => name === nameOf(key));
      assert.deepEqual(resource?.dependsOn, after.map(nameOf).sort(), key);
    }
  });

  it("puts base before istiod, istiod before gateways, gateways before their routes", async () => {
    const registered = children(await up(demoConfig()));
    const route = waitsFor(registered, "egress-external-routes-ServiceEntry-httpbin");
    assert.ok(route.has("egress-external-Release-egress-httpbin"));
    assert.ok(
      !route.has("egress-external-Release-egress-github"),
      "one gateway's trouble must not hold up another's routes",
    );
    const gateway = waitsFor(registered, "egress-external-Release-egress-httpbin");
    assert.ok(gateway.has("egress-istio-system-Release-istiod"));
    assert.ok(gateway.has("egress-istio-system-Release-istio-base"));
    assert.ok(gateway.has("egress-Namespace-external"));
  });

  it("gives the releases fixed names, charts, versions and values", async () => {
    const registered = children(await up(demoConfig()));
    const gateway = registered.find(({ name }) => name === "egress-external-Release-egress-github");
    assert.equal(gateway?.type, "kubernetes:helm.sh/v3:Release");
    const { name, namespace, chart, version, repositoryOpts } = gateway?.inputs ?? {};
    assert.deepEqual([name, namespace, chart], ["egress-github", "external", "gateway"]);
    assert.match(String(version), /^1\.31\./);
    assert.match(JSON.stringify(repositoryOpts), /^\{"repo":"https:/);
  });

  it("labels the namespaces for injection, but not the routes'", async () => {
    const registered = children(await up(demoConfig()));
    const labels = (name: string) => {
      const namespace = registered.find((resource) => resource.name === `egress-Namespace-${name}`);
      return (namespace?.inputs.metadata as { labels: Record<string, string> } | undefined)?.labels ?? {};
    };
    assert.equal(labels("test-app")["istio-injection"], "enabled");
    assert.equal(labels("external")["istio-injection"], "enabled");
    assert.equal(labels("external-routes")["istio-injection"], undefined);
  });

  it("makes no namespace that exists already, and no Istio that is there", async () => {
    const registered = children(
      await up({ ...demoConfig(), existingNamespaces: ["test-app"], istio: { install: false } }),
    );
    const names = registered.map(({ name }) => name);
    assert.ok(!names.includes("egress-Namespace-test-app"));
    assert.ok(!names.some((name) => name.includes("istio-system")), names.join());
    assert.ok(names.includes("egress-external-Release-egress-github"));
  });

  it("takes its provider from the options and makes none", async () => {
    const recorded = await record(() => {
      const provider = new k8s.Provider("mine", {});
      new ControlledEgress("egress", demoConfig(), { provider });
    });
    const providers = recorded.resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
    assert.deepEqual(
      providers.map(({ name }) => name),
      ["mine"],
    );
    for (const child of children(recorded)) assert.match(child.provider, /::mine::/);
  });

  it("renames nothing when a destination is added or taken away", async () => {
    const names = async (args: ControlledEgressArgs) => {
      releaseClaims();
      return children(await up(args)).map(({ name }) => name);
    };
    const before = await names(demoConfig());
    const after = await names({
      ...demoConfig(),
      destinations: { aaa: { hosts: ["aaa.example"] }, ...demoConfig().destinations },
    });
    assert.deepEqual(
      before.filter((name) => !after.includes(name)),
      [],
    );
    assert.deepEqual(after.filter((name) => !before.includes(name)).sort(), [
      "egress-external-Release-egress-aaa",
      "egress-external-ServiceEntry-aaa",
      "egress-external-VirtualService-aaa.example",
      "egress-external-routes-DestinationRule-aaa.example",
      "egress-external-routes-ServiceEntry-aaa",
    ]);
  });

  it("registers nothing on a bad configuration, and throws all problems by property", async () => {
    const bad = {
      ...demoConfig(),
      applications: [{ namespace: "test-app", name: "app-a", allow: ["gitub", "htpbin"] }],
    };
    const { resources, error } = await up(bad);
    assert.deepEqual(resources, []);
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    assert.deepEqual(
      error.errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`),
      [
        'applications[0].allow[0]: is no destination. Did you mean "github"?',
        'applications[0].allow[1]: is no destination. Did you mean "httpbin"?',
      ],
    );
  });

  describe("with allowances that end", () => {
    const ending = (expires: string): ControlledEgressArgs => ({
      ...demoConfig(),
      applications: [
        { namespace: "test-app", name: "app-a", allow: ["github"], terms: { github: { owner: "team-a", expires } } },
      ],
    });
    let warned: string[] = [];
    const { warn } = console;
    before(() => mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-24T23:59:59Z") }));
    after(() => mock.timers.reset());
    beforeEach(() => {
      warned = [];
      // Where no engine listens, Pulumi's log writes to the console.
      console.warn = (text: string) => warned.push(text);
    });
    afterEach(() => {
      console.warn = warn;
    });

    it("registers nothing once one has expired, and says which", async () => {
      const { resources, error } = await up(ending("2026-11-23"));
      assert.deepEqual(resources, []);
      assert.ok(pulumi.InputPropertiesError.isInstance(error));
      assert.deepEqual(error.errors, [
        {
          propertyPath: "applications[0].terms.github.expires",
          reason: "is past, so the allowance has expired. Remove the allowance or set a later day",
        },
      ]);
    });

    it("warns once from 14 days before on, and registers all the same", async () => {
      const registered = children(await up(ending("2026-11-27")));
      assert.equal(warned.length, 1);
      assert.match(
        warned[0] ?? "",
        /applications\[0\]\.terms\.github\.expires = "2026-11-27": is the last day of the allowance, in 3 days\. Remove/,
      );
      const sidecar = registered.find(({ name }) => name === "egress-test-app-Sidecar-app-a");
      const metadata = sidecar?.inputs.metadata as { annotations: unknown } | undefined;
      assert.deepEqual(metadata?.annotations, {
        "controlled-egress/terms.github": '{"owner":"team-a","expires":"2026-11-27"}',
      });
    });

    it("lets the last day pass to its end, and says nothing of an end that is far", async () => {
      assert.equal((await up(ending("2026-11-24"))).error, undefined);
      warned = [];
      releaseClaims();
      assert.equal((await up(ending("2026-12-09"))).error, undefined);
      assert.deepEqual(warned, []);
    });
  });

  it("refuses a second one in the same namespaces of one cluster, and says why", async () => {
    const { resources, error } = await record(() => {
      new ControlledEgress("first", demoConfig());
      new ControlledEgress("second", demoConfig());
    });
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    assert.match(
      error.message,
      /gatewayNamespace = "external": namespace "external" belongs to ControlledEgress "first" already/,
    );
    assert.match(error.message, /istio\.install = "istio-system".*Install Istio once/);
    assert.ok(!resources.some(({ name }) => name.startsWith("second")));
  });

  it("lets two live side by side in namespaces of their own, or on two clusters", async () => {
    const other: ControlledEgressArgs = {
      istio: { install: false },
      gatewayNamespace: "partners",
      destinations: { github: { hosts: ["github.com"] } },
      applications: [{ namespace: "shop", name: "app-a", allow: ["github"] }],
    };
    const { error } = await record(() => {
      new ControlledEgress("first", demoConfig());
      new ControlledEgress("second", other);
      new ControlledEgress("third", demoConfig(), { provider: new k8s.Provider("elsewhere", {}) });
    });
    assert.equal(error, undefined);
  });

  it("outputs who answers for an allowance with its flows", async () => {
    let egress: ControlledEgress | undefined;
    const audit = { owner: "team-a", reason: "releases", ticket: "SEC-1", expires: "2999-12-31" };
    const [first, ...others] = demoConfig().applications;
    await record(() => {
      egress = new ControlledEgress("egress", {
        ...demoConfig(),
        applications: [{ ...(first ?? assert.fail()), terms: { github: audit } }, ...others],
      });
    });
    const flows = await new Promise<AllowedFlow[]>((resolve) => egress?.allowedFlows.apply(resolve));
    const said = flows.filter(({ owner }) => owner !== undefined);
    assert.deepEqual([...new Set(said.map(({ destination }) => destination))], ["github"]);
    const { owner, reason, ticket, expires } = said[0] ?? assert.fail();
    assert.deepEqual({ owner, reason, ticket, expires }, audit);
  });

  it("outputs namespaces, gateways with addresses, releases and the allowed flows", async () => {
    let egress: ControlledEgress | undefined;
    await record(() => {
      egress = new ControlledEgress("egress", demoConfig());
    });
    assert.ok(egress);
    const value = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
    assert.deepEqual(await value(egress.namespaces), ["external", "external-routes", "test-app"]);
    assert.deepEqual((await value(egress.gateways))[0], {
      name: "egress-github",
      namespace: "external",
      address: "egress-github.external.svc.cluster.local",
      ports: [80, 443],
    });
    assert.deepEqual(
      (await value(egress.releases)).map(({ name, status }) => `${name} ${status}`),
      [
        "istio-base deployed",
        "istiod deployed",
        "egress-github deployed",
        "egress-google deployed",
        "egress-httpbin deployed",
      ],
    );
    const flows = await value(egress.allowedFlows);
    assert.equal(flows.length, 12);
    assert.deepEqual(flows[0], {
      application: "test-app/app-a",
      principal: "spiffe://cluster.local/ns/test-app/sa/app-a",
      destination: "github",
      host: "github.com",
      port: 80,
      protocol: "HTTP",
      gateway: "external/egress-github",
    });
  });

  it("names what a workload should wait for: its namespace and the Sidecar that denies", async () => {
    let guards: pulumi.Resource[] = [];
    await record(() => {
      guards = new ControlledEgress("egress", demoConfig()).guardsOf("test-app");
    });
    assert.deepEqual(await Promise.all(guards.map(nameOfResource)), [
      "egress-Namespace-test-app",
      "egress-test-app-Sidecar-deny-by-default",
    ]);
  });
});
