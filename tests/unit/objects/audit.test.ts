import assert from "node:assert/strict";
import fc from "fast-check";
import { type Application, type EgressConfig, flows, manifests, withDefaults } from "../../../graph";
import { labelKeyFault } from "../../../graph/intent/names";
import { AUDIT_PREFIX } from "../../../graph/objects/audit";
import { arbitraryConfig } from "../../support/arbitraryConfig";

const LONGEST = "x".repeat(46);
const AUDIT = { owner: "team-cart", reason: 'the "old" way', ticket: "SEC-1", expires: "2027-06-30" };

function config(terms: EgressConfig["applications"][number]["terms"]): EgressConfig {
  return {
    destinations: { github: { hosts: ["github.com"] }, [LONGEST]: { hosts: ["x.example"] } },
    applications: [{ namespace: "shop", name: "cart", allow: ["github", LONGEST], terms }],
  };
}

function annotations(of: EgressConfig): Record<string, string> | undefined {
  const sidecar = manifests(withDefaults(of)).find(
    ({ kind, metadata }) => kind === "Sidecar" && metadata.name === "cart",
  );
  return (sidecar ?? assert.fail("no Sidecar")).metadata.annotations;
}

describe("objects: owner, reason, ticket and last day of an allowance", () => {
  it("stand on the application's Sidecar, by destination", () => {
    const { [`${AUDIT_PREFIX}github`]: text, ...rest } = annotations(config({ github: AUDIT })) ?? {};
    assert.deepEqual(JSON.parse(text ?? ""), AUDIT);
    assert.deepEqual(rest, {});
  });

  it("leave no annotation where nothing is said, or only limits", () => {
    assert.equal(annotations(config(undefined)), undefined);
    assert.equal(annotations(config({ github: { methods: ["GET"] } })), undefined);
  });

  it("have a key that Kubernetes takes, for the longest name of a destination too", () => {
    const keys = Object.keys(annotations(config({ [LONGEST]: { owner: "team-x" } })) ?? {});
    assert.deepEqual(keys.map(labelKeyFault), [undefined]);
  });

  it("are part of each flow that they are said of, and of no other", () => {
    const found = flows(withDefaults(config({ github: AUDIT })));
    for (const { destination, owner, reason, ticket, expires } of found)
      assert.deepEqual(
        { owner, reason, ticket, expires },
        destination === "github"
          ? AUDIT
          : { owner: undefined, reason: undefined, ticket: undefined, expires: undefined },
      );
    assert.deepEqual(new Set(found.map(({ destination }) => destination)), new Set(["github", LONGEST]));
  });

  it("decide nothing: without them every object is the same, but for the annotations", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const without = {
          ...config,
          applications: config.applications.map(withoutAudit),
        };
        const bare = manifests(withDefaults(config)).map(
          ({ metadata: { annotations: _gone, ...metadata }, ...rest }) => ({
            ...rest,
            metadata,
          }),
        );
        assert.deepEqual(bare, manifests(withDefaults(without)));
      }),
      { seed: 17, numRuns: 100 },
    );
  });
});

/** Limits stay: they decide. */
function withoutAudit({ terms = {}, ...application }: Application): Application {
  const limits = Object.entries(terms).map(([name, { methods, paths }]) => [name, { methods, paths }]);
  return { ...application, terms: Object.fromEntries(limits) };
}
