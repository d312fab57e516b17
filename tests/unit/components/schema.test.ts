import assert from "node:assert/strict";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { ROOT } from "../../support/demo";
import { assertGolden } from "../../support/golden";

/** The component as Pulumi's schema inference reads it: what every Pulumi language will get. */
describe("component: the schema for every Pulumi language", () => {
  const { components, typeDefinitions } = new Analyzer(
    join(ROOT, "components"),
    "controlled-egress",
    { name: "controlled-egress", version: "0.0.0" },
    new Set(["ControlledEgress"]),
  ).analyze();

  it("is inferred from the source, and every field of it is documented", () => {
    const component = components.ControlledEgress;
    assert.ok(component);
    const documented = { ...component.inputs, ...component.outputs };
    assert.deepEqual(
      Object.keys(documented).filter((name) => !documented[name]?.description),
      [],
    );
    for (const type of Object.values(typeDefinitions)) {
      const undocumented = Object.entries(type.properties ?? {}).filter(([, property]) => !property.description);
      assert.deepEqual(
        undocumented.map(([name]) => `${type.name}.${name}`),
        [],
      );
    }
  });

  it("changes only in view of a reviewer", () => {
    assertGolden("schema.json", `${JSON.stringify({ components, typeDefinitions }, null, 2)}\n`);
  });
});
