import assert from "node:assert/strict";
import fc from "fast-check";
import { type EgressConfig, flows, type Manifest, manifests, withDefaults } from "../../../graph";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { UNKNOWN } from "../../../graph/mesh/unknown";
import { bypasses, type Change, diffReach, type ReachDiff } from "../../../graph/reach/diff";
import { mapOf } from "../../../graph/reach/map";
import { meshOf } from "../../cases/ask";
import { GOOD, GW, RO, se } from "../../cases/gateway";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { demoConfig } from "../../support/demo";

const RUNS = { seed: 11, numRuns: 25 };

const EMPTY: ReachDiff = {
  newlyReachable: [],
  noLongerReachable: [],
  pathChanged: [],
  guardsLost: [],
  undecided: [],
  unknownInputs: [],
};

function objects(config: EgressConfig): Manifest[] {
  return manifests(withDefaults(config));
}

function mesh(all: readonly Manifest[]): Mesh {
  return buildMesh(all.map((manifest) => ({ manifest })));
}

function lines(changes: readonly Change[]): string[] {
  return changes
    .flatMap(({ applications, target }) => applications.map((name) => `${name} ${target.host}:${target.port}`))
    .sort();
}

/** Every flow of a configuration, as `lines` writes changes. */
function flowLines(config: EgressConfig): string[] {
  return flows(withDefaults(config)).map(({ application, host, port }) => `${application} ${host}:${port}`);
}

const APPS = ["app-a", "app-b"];

function deployment(name: string, serviceAccountName: unknown = name): Manifest {
  const template = { metadata: { labels: { app: name } }, spec: { serviceAccountName, containers: [] } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace: "test-app", name }, spec: { template } };
}

describe("diff of two reaches", function () {
  this.timeout(60_000);

  it("of a thing with itself is empty", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        assert.deepEqual(diffReach(mesh(objects(config)), mesh(objects(config).reverse())), EMPTY);
      }),
      RUNS,
    );
  });

  it("of an allowance that is added gives exactly its flows as newly reachable, and the other way round", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const [first, ...rest] = config.applications;
        if (first === undefined || first.allow.length < 2) return;
        const [lost = "", ...allow] = first.allow;
        const terms = Object.fromEntries(Object.entries(first.terms ?? {}).filter(([name]) => name !== lost));
        const less = { ...config, applications: [{ ...first, allow, terms }, ...rest] };
        const before = new Set(flowLines(less));
        const added = flowLines(config).filter((line) => !before.has(line));
        const [without, whole] = [mesh(objects(less)), mesh(objects(config))];
        const up = diffReach(without, whole);
        assert.deepEqual([...new Set(lines(up.newlyReachable))], [...new Set(added)].sort());
        assert.deepEqual({ ...up, newlyReachable: [] }, EMPTY);
        const down = diffReach(whole, without);
        assert.deepEqual([...new Set(lines(down.noLongerReachable))], [...new Set(added)].sort());
        assert.deepEqual({ ...down, noLongerReachable: [] }, EMPTY);
      }),
      RUNS,
    );
  });

  it("of a NetworkPolicy that is removed gives the guard as lost, and nothing else", () => {
    const all = objects(demoConfig());
    const rest = all.filter(({ kind, metadata }) => kind !== "NetworkPolicy" || metadata.namespace !== "test-app");
    assert.ok(rest.length < all.length);
    const diff = diffReach(mesh(all), mesh(rest));
    assert.deepEqual(
      diff.guardsLost.map(({ namespace, guard }) => [namespace, guard]),
      [["test-app", "NetworkPolicy"]],
    );
    assert.deepEqual({ ...diff, guardsLost: [] }, EMPTY);
    assert.deepEqual(diffReach(mesh(rest), mesh(all)), EMPTY);
  });

  it("of an admission policy that only warns gives the guard as lost", () => {
    const guards = { admission: "Warn" } as EgressConfig["guards"];
    const diff = diffReach(mesh(objects(demoConfig())), mesh(objects({ ...demoConfig(), guards })));
    assert.deepEqual(
      diff.guardsLost.map(({ guard, field }) => [guard, field]),
      [["ValidatingAdmissionPolicy", "spec.validationActions"]],
    );
  });

  it("tells another gateway, and a gateway that sees less, as a changed path", () => {
    const demo = demoConfig();
    const { github } = demo.destinations;
    const change = (more: object) =>
      diffReach(
        mesh(objects(demo)),
        mesh(objects({ ...demo, destinations: { ...demo.destinations, github: { ...github, ...more } } })),
      ).pathChanged;
    const moved = change({ gateway: "other" });
    assert.equal(moved.length, 4);
    assert.deepEqual(moved[0]?.before.gateways, ["external/egress-github"]);
    assert.deepEqual(moved[0]?.after.gateways, ["external/egress-other"]);
    assert.deepEqual(lines(change({ checkInnerSni: true })), [
      "test-app/app-a github.com:443",
      "test-app/app-a www.github.com:443",
    ]);
    assert.ok(!moved.some(bypasses));
  });

  it("tells a host that leaves without its gateway", () => {
    const { pathChanged } = diffReach(meshOf(GOOD, RO), meshOf(GW + se("egress/x", "x.com"), RO));
    assert.ok(pathChanged.length > 0);
    for (const change of pathChanged) assert.ok(bypasses(change), JSON.stringify(change));
  });

  it("tells that a mesh opens to hosts that nobody names", () => {
    const app = "Namespace app +istio-injection=enabled\n";
    const diff = diffReach(
      meshOf(app, RO),
      meshOf(app, { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } } }),
    );
    assert.deepEqual(lines(diff.newlyReachable), ["app/* *:443", "app/* *:5432", "app/* *:80"]);
  });

  it("tells methods and paths apart", () => {
    const config = (terms: object): EgressConfig => ({
      destinations: { api: { hosts: ["api.example"], ports: [{ number: 80 }] } },
      applications: [{ namespace: "shop", name: "cart", allow: ["api"], terms: { api: terms } }],
    });
    const narrowed = diffReach(
      mesh(objects(config({}))),
      mesh(objects(config({ methods: ["GET"], paths: ["/v1/*"] }))),
    );
    assert.deepEqual(
      narrowed.noLongerReachable.flatMap(({ requests = [] }) => requests).includes("GET /v1/any"),
      false,
    );
    assert.deepEqual(
      narrowed.noLongerReachable.flatMap(({ requests = [] }) => requests),
      ["GET /", "GET (any other path)", "other methods /v1/any", "other methods /", "other methods (any other path)"],
    );
    assert.deepEqual(narrowed.newlyReachable, []);
  });

  it("leaves undecided what a value that is not known decides", () => {
    const app = "Namespace app +istio-injection=enabled\n";
    const unknown = meshOf(`${app}${se("app/y", "y.com", "443", "resolution: DNS, exportTo: UNKNOWN")}`, RO);
    const { undecided, newlyReachable } = diffReach(meshOf(app, RO), unknown);
    assert.ok(lines(undecided).includes("app/* y.com:443"));
    assert.deepEqual(newlyReachable, []);
  });

  it("answers whatever is not known yet: any spec, any metadata", () => {
    const pods = APPS.map((name) => deployment(name));
    const all = [...objects(demoConfig()), ...pods];
    const whole = mesh(all);
    all.forEach((object, n) => {
      const { name, namespace } = object.metadata;
      // Without the values of a release, the labels of pods, or the revision of an Istio object, there is no mesh to ask (cli/mesh.ts).
      const kept = { Release: object.spec, Deployment: deployment(name, UNKNOWN).spec }[object.kind];
      const spec = kept ?? UNKNOWN;
      const labels = object.apiVersion.includes("istio.io/") ? undefined : UNKNOWN;
      const unlabelled = { ...object, metadata: { name, namespace, labels } };
      for (const hidden of [{ ...object, spec }, unlabelled]) {
        const other = mesh(all.with(n, hidden as unknown as Manifest));
        assert.ok(mapOf(other).applications.length > 0);
        const { unknownInputs } = diffReach(whole, other);
        if (pods.includes(object) && hidden !== unlabelled)
          assert.deepEqual(unknownInputs, [`Deployment test-app/${name}: spec.template.spec.serviceAccountName`]);
      }
    });
  });

  it("takes the pods of one side for those of the other, and no other's identity", () => {
    const config: EgressConfig = {
      destinations: { api: { hosts: ["api.example"] }, db: { hosts: ["db.example"] } },
      applications: [
        { namespace: "shop", name: "cart", serviceAccount: "robot", allow: ["api"] },
        { namespace: "shop", name: "billing", allow: ["db"] },
      ],
    };
    const pods: Manifest = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { namespace: "shop", name: "cart" },
      spec: {
        template: { metadata: { labels: { app: "cart" } }, spec: { serviceAccountName: "robot", containers: [] } },
      },
    };
    assert.deepEqual(diffReach(mesh([...objects(config), pods]), mesh(objects(config))), EMPTY);
    const other = structuredClone(config);
    other.destinations.api = { hosts: ["api.example"], gateway: "db" };
    const stolen = objects(other).map((manifest) =>
      JSON.parse(JSON.stringify(manifest).replaceAll("sa/robot", "sa/billing")),
    );
    assert.ok(diffReach(mesh(objects(config)), mesh(stolen)).noLongerReachable.length > 0);
  });
});
