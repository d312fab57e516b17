import assert from "node:assert/strict";
import fc from "fast-check";
import { AdmissionMode, type EgressConfig, type Manifest, manifests, withDefaults } from "../../../graph";
import { buildMesh } from "../../../graph/mesh/mesh";
import { podAdmission } from "../../../graph/network/podAdmission";
import { POD_RULES } from "../../../graph/objects/podRules";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { demoConfig } from "../../support/demo";

const POLICY = "controlled-egress-external-pods";

interface PolicySpec {
  variables: { name: string; expression: string }[];
  validations: { expression: string; messageExpression: string }[];
}

function made(config: EgressConfig, kind: string, name: string): Manifest | undefined {
  return manifests(withDefaults(config)).find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
}

function variable(config: EgressConfig, name: string): string {
  const spec = made(config, "ValidatingAdmissionPolicy", POLICY)?.spec as PolicySpec;
  return spec.variables.find((each) => each.name === name)?.expression ?? assert.fail(name);
}

function bindingSpec(config: EgressConfig, name: string) {
  return made(config, "ValidatingAdmissionPolicyBinding", name)?.spec as
    | {
        validationActions: string[];
        matchResources: { namespaceSelector: { matchExpressions: { values: string[] }[] } };
      }
    | undefined;
}

describe("objects: admission policies", () => {
  it("bind the application namespaces to all rules, and the routes' to one that refuses every pod", () => {
    const spec = made(demoConfig(), "ValidatingAdmissionPolicy", POLICY)?.spec as PolicySpec;
    assert.equal(spec.validations.length, POD_RULES.length);
    const applications = bindingSpec(demoConfig(), POLICY);
    assert.deepEqual(applications?.validationActions, ["Deny"]);
    assert.deepEqual(applications?.matchResources.namespaceSelector.matchExpressions[0]?.values, ["test-app"]);
    const routes = bindingSpec(demoConfig(), "controlled-egress-external-routes-no-pods");
    assert.deepEqual(routes?.matchResources.namespaceSelector.matchExpressions[0]?.values, ["external-routes"]);
  });

  for (const [mode, actions] of [
    [AdmissionMode.Enforce, ["Deny"]],
    [AdmissionMode.Warn, ["Warn"]],
    [AdmissionMode.Audit, ["Audit"]],
    [AdmissionMode.Off, undefined],
  ] as const)
    it(`answer by ${actions ?? "nothing"} in mode ${mode}`, () =>
      assert.deepEqual(
        bindingSpec({ ...demoConfig(), guards: { admission: mode } }, POLICY)?.validationActions,
        actions,
      ));

  it("know the proxy's image by the hub of istiod's values, else by its name", () => {
    const image = (values: Record<string, unknown>, text: string) => {
      const expression = variable({ ...demoConfig(), istio: { values: { istiod: values } } }, "proxyImage");
      return new RegExp(expression.slice(1, -1).replace(/\\\\/g, "\\")).test(text);
    };
    const hub = { global: { hub: "images.example/istio" } };
    assert.equal(image(hub, "images.example/istio/proxyv2:1.31.0"), true);
    assert.equal(image(hub, "images.example/istio/proxyv2@sha256:00"), true);
    for (const bad of [
      "evil.example/images.example/istio/proxyv2:1",
      "images.example/istio/proxyv2x:1",
      "imagesXexample/istio/proxyv2:1",
    ])
      assert.equal(image(hub, bad), false, bad);
    assert.equal(
      image(
        { global: { hub: "x", proxy: { image: "a.example/own:1" }, proxy_init: { image: "a.example/own:1" } } },
        "a.example/own:2",
      ),
      true,
    );
    assert.equal(image({}, "docker.io/istio/proxyv2:1"), true);
    assert.equal(image({}, "docker.io/istio/other:1"), false);
  });

  it("take the configuration's revision, token audience and proxy variables", () => {
    const config: EgressConfig = {
      ...demoConfig(),
      istio: {
        revision: "blue",
        values: {
          istiod: {
            global: { sds: { token: { aud: "mesh" } } },
            meshConfig: { defaultConfig: { proxyMetadata: { "MY.VAR": "x" } } },
          },
        },
      },
    };
    assert.equal(variable(config, "revisions"), "['blue']");
    assert.equal(variable(config, "audiences"), "['istio-ca', 'mesh']");
    assert.match(variable(config, "proxyEnv"), /MY\\\\\.VAR/);
    assert.equal(variable(config, "ownHooks"), "false");
  });

  it("are known again, whatever the configuration, and with what the API server adds", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        const objects = manifests(intent).map((manifest) => ({ manifest: served(manifest) }));
        const expected = { Enforce: "guarded", Warn: "warns", Audit: "warns", Off: "none" }[intent.guards.admission];
        for (const namespace of intent.applicationNamespaces)
          assert.equal(podAdmission(buildMesh(objects), namespace).kind, expected);
        assert.equal(podAdmission(buildMesh(objects), intent.gatewayNamespace).kind, "none");
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it("are not taken for whole when one of their parts is another", () => {
    for (const { name } of POD_RULES) {
      const objects = manifests(withDefaults(demoConfig())).map((manifest) => {
        if (manifest.metadata.name !== POLICY || manifest.kind !== "ValidatingAdmissionPolicy") return { manifest };
        const copy = structuredClone(manifest) as Manifest & { spec: PolicySpec };
        for (const each of copy.spec.variables) if (each.name === name) each.expression = "[]";
        return { manifest: copy as Manifest };
      });
      assert.equal(podAdmission(buildMesh(objects), "test-app").kind, "changed", name);
    }
  });
});

/** As the API server gives it back: with its defaults. */
function served(manifest: Manifest): Manifest {
  if (manifest.kind !== "ValidatingAdmissionPolicy") return manifest;
  const spec = manifest.spec as { matchConstraints: { resourceRules: object[] } };
  const { resourceRules } = spec.matchConstraints;
  return {
    ...manifest,
    spec: {
      ...spec,
      matchConstraints: {
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
        resourceRules: resourceRules.map((rule) => ({ ...rule, scope: "*" })),
      },
    },
  };
}
