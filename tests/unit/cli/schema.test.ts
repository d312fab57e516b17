import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import fc from "fast-check";
import { load } from "js-yaml";
import { main } from "../../../cli/main";
import { validate } from "../../../graph";
import { structureProblems } from "../../../graph/intent/structure";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { configJsonSchema } from "../../support/configSchema";
import { ROOT } from "../../support/demo";

const FILE = join(ROOT, "cli/stackConfig.schema.json");

async function schemaOf(...args: string[]): Promise<Record<string, unknown>> {
  let out = "";
  const output = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => assert.fail(text),
  };
  assert.equal(await main(["schema", ...args], output), 0);
  return JSON.parse(out);
}

/** As a stack's file holds it. */
function stackFile(config: object, project = "controlled-egress"): object {
  const pairs = Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]);
  return { config: Object.fromEntries(pairs) };
}

const GOOD = {
  destinations: { github: { hosts: ["github.com"], ports: [{ number: 443 }] } },
  applications: [{ namespace: "shop", name: "cart", allow: ["github"] }],
};

const destination = (github: unknown) => ({ ...GOOD, destinations: { github } });
const application = (parts: object) => ({ ...GOOD, applications: [{ ...GOOD.applications[0], ...parts }] });

/** Faults of shape, which the validator refuses too. */
const BAD: [title: string, config: object][] = [
  ["a key that is not known", { ...GOOD, gatewayNamespac: "external" }],
  ["a misspelt key of a destination", destination({ host: ["github.com"] })],
  ["a text for a list", destination({ hosts: "github.com" })],
  ["an empty list of hosts", destination({ hosts: [] })],
  ["a number for a host", destination({ hosts: [1] })],
  ["a list for a map", { ...GOOD, destinations: [] }],
  ["a map for a list", { ...GOOD, applications: {} }],
  ["a port without number", destination({ hosts: ["a.com"], ports: [{ protocol: "HTTP" }] })],
  ["a port as text", destination({ hosts: ["a.com"], ports: [{ number: "80" }] })],
  ["a protocol that is not known", destination({ hosts: ["a.com"], ports: [{ number: 80, protocol: "FTP" }] })],
  ["an empty TLS origination list", destination({ ports: [{ number: 80, originateTls: { subjectAltNames: [] } }] })],
  ["an application without name", { ...GOOD, applications: [{ namespace: "shop", allow: ["github"] }] }],
  ["an application that may reach nothing", application({ allow: [] })],
  ["terms with a key that is not known", application({ terms: { github: { until: "2027-01-01" } } })],
  ["a selector that is no map", application({ selector: ["app"] })],
  ["replicas as text", { ...GOOD, gatewayDefaults: { replicas: "2" } }],
  ["autoscaling without bound", { ...GOOD, gateways: { github: { autoscaling: { minReplicas: 2 } } } }],
  ["an admission mode that is not known", { ...GOOD, guards: { admission: "Deny" } }],
  ["a guard that is no boolean", { ...GOOD, guards: { networkPolicy: "yes" } }],
  ["a chart that is not known", { ...GOOD, istio: { charts: { ztunnel: "x" } } }],
];

describe("controlled-egress schema", () => {
  let accepts: ValidateFunction;
  before(async () => {
    accepts = new Ajv({ allErrors: true }).compile(await schemaOf());
  });

  function assertAccepted(file: object): void {
    assert.ok(accepts(file), JSON.stringify(accepts.errors, undefined, 2));
  }

  it("is the validator's shape with the docstrings of today (UPDATE_GOLDEN=1 writes it anew)", () => {
    const today = configJsonSchema();
    if (process.env.UPDATE_GOLDEN === "1" && !process.env.CI) writeFileSync(FILE, today);
    assert.equal(today, readFileSync(FILE, "utf8"));
  });

  it("accepts the demo's stack, with the keys of other packages", () => {
    const demo = load(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as { config: object };
    assertAccepted(demo);
    assertAccepted({ encryptionsalt: "v1:x", config: { ...demo.config, "kubernetes:context": "kind", "a:b": 1 } });
  });

  it("accepts every configuration that the validator accepts", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        assert.ok(validate(config, { today: "2026-11-24" }).ok);
        // As the file would hold it: what is undefined is not there.
        assertAccepted(stackFile(JSON.parse(JSON.stringify(config))));
      }),
      { numRuns: 200 },
    );
  });

  for (const [title, config] of BAD) {
    it(`refuses, as the validator does: ${title}`, () => {
      assert.notDeepEqual(structureProblems(config), []);
      assert.equal(accepts(stackFile(config)), false);
    });
  }

  it("accepts and refuses what the validator's shape does, whichever part of a configuration is another", () => {
    const values = fc.constantFrom<unknown>(null, 1, "x", true, [], {}, ["x"], [1], { x: 1 }, { x: "y" });
    fc.assert(
      fc.property(arbitraryConfig, fc.nat(), values, (config, place, value) => {
        const spoilt = JSON.parse(JSON.stringify(config));
        const places = placesIn(spoilt);
        places[place % places.length]?.(value);
        assert.equal(accepts(stackFile(spoilt)), structureProblems(spoilt).length === 0, JSON.stringify(spoilt));
      }),
      { numRuns: 300 },
    );
  });

  it("names the keys by the project that is asked for", async () => {
    const own = new Ajv().compile(await schemaOf("--project", "my.egress"));
    assert.ok(own(stackFile(GOOD, "my.egress")));
    assert.ok(!own(stackFile({ destinations: [] }, "my.egress")));
    assert.ok(!own(stackFile({ destination: {} }, "my.egress")));
    assert.ok(own(stackFile({ destinations: [] }, "myxegress")), "another project's keys are its own");
  });

  it("describes every key", async () => {
    const undescribed: string[] = [];
    const walk = (schema: Record<string, Record<string, object>>, path: string) => {
      for (const [key, member] of Object.entries(schema.properties ?? {})) {
        if (!("description" in member) && key !== "config") undescribed.push(`${path}.${key}`);
        walk(member as Record<string, Record<string, object>>, `${path}.${key}`);
      }
      for (const inner of [schema.items, schema.additionalProperties])
        if (typeof inner === "object") walk(inner as Record<string, Record<string, object>>, `${path}[]`);
    };
    walk((await schemaOf()) as Record<string, Record<string, object>>, "");
    assert.deepEqual(undescribed, []);
  });
});

/** Every value of a configuration, to be replaced. */
function placesIn(value: unknown): ((by: unknown) => void)[] {
  if (value === null || typeof value !== "object") return [];
  const record = value as Record<string, unknown>;
  return Object.keys(record).flatMap((key) => [
    (by: unknown) => {
      record[key] = by;
    },
    ...placesIn(record[key]),
  ]);
}
