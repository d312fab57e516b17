import assert from "node:assert/strict";
import { Analyzer, type Diagnostic, type Resource, UNKNOWN_VALUE } from "../support/analyzer";

const RULE = "service-entry-routed-by-egress-gateway";
const entry = (name: string, rest: object = {}, version = "v1") => ({
  apiVersion: `networking.istio.io/${version}`,
  kind: "ServiceEntry",
  metadata: { name, namespace: "shop" },
  spec: {
    hosts: [`${name}.example.com`],
    resolution: "DNS",
    ports: [{ number: 443, name: "tls", protocol: "TLS" }],
    exportTo: ["."],
    ...rest,
  },
});

/** How a ServiceEntry called `se` may come to the pack: type token, and props where they are not the plain object. */
const SPELLINGS: Record<string, Omit<Resource, "name" | "props"> & { props?: Record<string, unknown>; name?: string }> =
  {
    "CustomResource or a class of crd2pulumi": { type: "kubernetes:networking.istio.io/v1:ServiceEntry" },
    "API version v1beta1": {
      type: "kubernetes:networking.istio.io/v1beta1:ServiceEntry",
      props: entry("se", {}, "v1beta1"),
    },
    "API version v1alpha3": {
      type: "kubernetes:networking.istio.io/v1alpha3:ServiceEntry",
      props: entry("se", {}, "v1alpha3"),
    },
    "a provider's CRD extension": { type: "istio-crds:networking.istio.io/v1:ServiceEntry" },
    "ConfigFile and ConfigGroup v1": { type: "kubernetes:networking.istio.io/v1:ServiceEntry", name: "shop/se" },
    "ConfigFile and ConfigGroup v2": { type: "kubernetes:networking.istio.io/v1:ServiceEntry", name: "cg2:shop/se" },
    "kustomize and Chart": {
      type: "kubernetes:networking.istio.io/v1:ServiceEntry",
      urn: "urn:pulumi:dev::test::kubernetes:helm.sh/v4:Chart$kubernetes:networking.istio.io/v1:ServiceEntry::chart:shop/se",
    },
    "props without apiVersion and kind": {
      type: "kubernetes:networking.istio.io/v1:ServiceEntry",
      props: { ...entry("se"), apiVersion: UNKNOWN_VALUE, kind: UNKNOWN_VALUE },
    },
    "a type token of another shape": { type: "my:index:ServiceEntry" },
    "a type token that says nothing": { type: "kubernetes:apiextensions.k8s.io/v1:Object" },
    "a ServiceEntryList": {
      type: "kubernetes:networking.istio.io/v1:ServiceEntryList",
      props: {
        apiVersion: "networking.istio.io/v1",
        kind: "ServiceEntryList",
        items: [{ ...entry("se"), kind: undefined }],
      },
    },
    "a List": {
      type: "kubernetes:core/v1:List",
      props: { apiVersion: "v1", kind: "List", items: [entry("se")] },
    },
    "with the provider's own fields": {
      type: "kubernetes:networking.istio.io/v1:ServiceEntry",
      props: { ...entry("se"), __inputs: { kind: "Other" }, __initialApiVersion: "networking.istio.io/v1" },
    },
  };

describe("the policy pack in its analyzer process", function () {
  this.timeout(60_000);

  let analyzer: Analyzer;
  before(async () => {
    analyzer = await Analyzer.start();
  });
  after(() => analyzer.stop());
  beforeEach(() => analyzer.configure({}));

  const about = (found: Diagnostic[], policy = RULE) => found.filter((each) => each.policy === policy);

  for (const [title, { type, name = "se", props = entry("se"), urn }] of Object.entries(SPELLINGS)) {
    it(`recognises a ServiceEntry: ${title}`, async () => {
      const resource = {
        type,
        name,
        props: JSON.parse(JSON.stringify(props)),
        urn: urn ?? `urn:pulumi:dev::t::${type}::${name}`,
      };
      const found = about(await analyzer.analyzeStack([resource]));
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.match(found[0]?.message ?? "", /ServiceEntry shop\/se spec\.hosts \(se\.example\.com:443 TLS\)/);
      assert.deepEqual([found[0]?.level, found[0]?.urn], ["mandatory", resource.urn]);
    });
  }

  it("judges a patch together with its target", async () => {
    const target = {
      type: "kubernetes:networking.istio.io/v1:ServiceEntry",
      name: "se",
      props: entry("se", { exportTo: ["~"] }),
    };
    assert.deepEqual(about(await analyzer.analyzeStack([target])), []);
    const patch = {
      type: "kubernetes:networking.istio.io/v1:ServiceEntryPatch",
      name: "patch",
      props: { ...entry("se"), spec: { exportTo: ["*"] } },
    };
    const found = about(await analyzer.analyzeStack([patch, target]));
    assert.match(found[0]?.message ?? "", /ServiceEntry shop\/se .*se\.example\.com:443/);
  });

  it("cannot decide about a patch whose target is not here", async () => {
    const type = "kubernetes:networking.istio.io/v1:ServiceEntryPatch";
    const found = about(
      await analyzer.analyzeStack([{ type, name: "p", props: { ...entry("se"), spec: { exportTo: ["*"] } } }]),
    );
    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory"],
    );
    assert.match(found[0]?.message ?? "", /ServiceEntry shop\/se.* spec is not known before the update/);
  });

  const UNKNOWNS: Record<string, object> = {
    "the host": entry("se", { hosts: [UNKNOWN_VALUE] }),
    "all hosts": entry("se", { hosts: UNKNOWN_VALUE }),
    exportTo: entry("se", { exportTo: UNKNOWN_VALUE }),
    "the ports": entry("se", { ports: UNKNOWN_VALUE }),
    "the endpoint": entry("se", { endpoints: [{ address: UNKNOWN_VALUE }] }),
    "the spec": { ...entry("se"), spec: UNKNOWN_VALUE },
  };
  for (const [what, props] of Object.entries(UNKNOWNS)) {
    it(`fails a stack in which ${what} is not known yet, or advises where told to`, async () => {
      const stack = [
        { type: "kubernetes:networking.istio.io/v1:ServiceEntry", name: "se", props: props as Record<string, unknown> },
      ];
      const found = await analyzer.analyzeStack(stack);
      assert.ok(
        about(found).some(({ level, message }) => level === "mandatory" && /not known/.test(message)),
        JSON.stringify(found),
      );
      assert.doesNotMatch(JSON.stringify(found), /can't run policy|UnknownValueError/);
      await analyzer.configure({ unknowns: "advise" });
      const advised = await analyzer.analyzeStack(stack);
      assert.ok(advised.length > 0);
      assert.deepEqual([...new Set(advised.map(({ level }) => level))], ["advisory"], JSON.stringify(advised));
    });
  }

  it("fails a stack with a list whose items are not known yet", async () => {
    const type = "kubernetes:networking.istio.io/v1:ServiceEntryList";
    const list = { apiVersion: "networking.istio.io/v1", kind: "ServiceEntryList" };
    for (const items of [UNKNOWN_VALUE, [UNKNOWN_VALUE]]) {
      const found = about(await analyzer.analyzeStack([{ type, name: "entries", props: { ...list, items } }]));
      assert.deepEqual(
        found.map(({ level }) => level),
        ["mandatory"],
      );
      assert.match(found[0]?.message ?? "", /spec is not known before the update/);
    }
  });

  it("reads past what is not known and does not matter", async () => {
    const release = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "web",
      props: {
        name: "web",
        namespace: "shop",
        chart: "nginx",
        values: {},
        status: UNKNOWN_VALUE,
        resourceNames: UNKNOWN_VALUE,
      },
    };
    const stack = { type: "pulumi:pulumi:Stack", name: "s", props: {} };
    const other = { type: "aws:s3/bucket:Bucket", name: "b", props: { arn: UNKNOWN_VALUE } };
    const found = await analyzer.analyzeStack([stack, other, release]);
    assert.deepEqual(
      found.map(({ policy, level }) => [policy, level]),
      [["opaque-release", "advisory"]],
    );
  });

  it("does not know what a Release's files of values say", async () => {
    const props = {
      name: "istiod",
      namespace: "istio-system",
      chart: "istiod",
      valueYamlFiles: [UNKNOWN_VALUE],
      values: {},
    };
    const found = await analyzer.analyzeStack([{ type: "kubernetes:helm.sh/v3:Release", name: "istiod", props }]);
    assert.deepEqual(
      found.map(({ policy, level }) => [policy, level]),
      [[RULE, "mandatory"]],
    );
    assert.match(
      found[0]?.message ?? "",
      /Release istio-system\/istiod spec\.values \(not known yet\): .*nothing could be judged/,
    );
  });

  it("takes the namespace of the provider where an object has none", async () => {
    const props = { ...entry("se"), metadata: { name: "se" } };
    const type = "kubernetes:networking.istio.io/v1:ServiceEntry";
    const found = about(
      await analyzer.analyzeStack([{ type, name: "se", props, providerProps: { namespace: "team" } }]),
    );
    assert.match(found[0]?.message ?? "", /ServiceEntry team\/se/);
  });

  describe("with a configuration", () => {
    const stack = [{ type: "kubernetes:networking.istio.io/v1:ServiceEntry", name: "se", props: entry("se") }];
    const exemption = { object: "shop/se", reason: "moves next year (Jo)", expires: "9999-12-31" };
    const found = async (config: object) => {
      await analyzer.configure(config);
      return analyzer.analyzeStack(stack);
    };

    it("advises about an exempt object, until its day", async () => {
      const [exempt] = about(await found({ exemptions: [exemption] }));
      assert.equal(exempt?.level, "advisory");
      assert.match(exempt.message, /\[exempt until 9999-12-31: moves next year \(Jo\)\]$/);
      const [expired] = about(await found({ exemptions: [{ ...exemption, expires: "2020-01-01" }] }));
      assert.equal(expired?.level, "mandatory");
      assert.match(expired.message, /expired on 2020-01-01/);
    });

    it("keeps the level of each rule", async () => {
      const level = async (enforcementLevel: string) =>
        about(await found({ rules: { [RULE]: { enforcementLevel } } })).map((each) => each.level);
      assert.deepEqual(await level("mandatory"), ["mandatory"]);
      assert.deepEqual(await level("advisory"), ["advisory"]);
      assert.deepEqual(await level("disabled"), []);
    });

    it("blocks where an exemption is written wrongly", async () => {
      const [wrong] = await found({ exemptions: [{ ...exemption, expires: "2026-02-30" }] });
      assert.deepEqual([wrong?.policy, wrong?.level], ["egress-graph", "mandatory"]);
      assert.match(wrong?.message ?? "", /exemptions\[0\]\.expires = "2026-02-30" is no day/);
    });
  });

  it("blocks with a message when it fails itself", async () => {
    await analyzer.configure({ manifests: ["nowhere"] });
    const found = await analyzer.analyzeStack([]);
    assert.deepEqual(
      found.map(({ policy, level }) => [policy, level]),
      [["egress-graph", "mandatory"]],
    );
    assert.match(found[0]?.message ?? "", /nothing was judged, so nothing passes\. nowhere: no such file or folder\.$/);
  });

  it("is silent about a stack without Kubernetes", async () => {
    assert.deepEqual(await analyzer.analyzeStack([{ type: "aws:s3/bucket:Bucket", name: "b", props: {} }]), []);
  });
});
