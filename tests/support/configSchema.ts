import { z } from "zod";
import { configSchema } from "../../graph/intent/schema";
import inferred from "../golden/schema.json";

/** JSON Schema, as far as the walk below needs it. */
interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
}

/** A type as Pulumi's inference gives it: the docstrings are there and nowhere else at run time. */
interface Documented {
  description?: string;
  $ref?: string;
  items?: Documented;
  additionalProperties?: Documented;
  properties?: Record<string, Documented>;
}

const TYPES = inferred.typeDefinitions as Record<string, Documented>;

/**
 * The JSON Schema (draft 7, which every editor knows) of the configuration: what the validator's shape takes, with the docstrings of graph/intent/config
 * (by tests/golden/schema.json, which the component's own test keeps true).
 */
export function configJsonSchema(): string {
  const shape = z.toJSONSchema(configSchema, { target: "draft-7" }) as Schema;
  describe(shape, { properties: inferred.components.ControlledEgress.inputs as Record<string, Documented> });
  const demo = {
    demo: { type: "boolean", description: "Deploy the demo's workloads, a pod with curl for each application." },
    demoImage: { type: "string", description: "Their container image, with curl in it." },
  };
  const schema = { ...shape, properties: { ...shape.properties, ...demo }, required: undefined };
  return `${shortListsInline(JSON.stringify(schema, undefined, 2))}\n`;
}

function describe(schema: Schema, documented: Documented): void {
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    const source = documented.properties?.[key];
    if (source?.description === undefined) throw new Error(`no docstring of ${key}`);
    member.description = source.description;
    describe(member, followed(source));
  }
  if (schema.items !== undefined) describe(schema.items, followed(documented.items));
  const rest = schema.additionalProperties;
  if (typeof rest === "object") describe(rest, followed(documented.additionalProperties));
}

function followed(documented: Documented = {}): Documented {
  const name = documented.$ref?.split(":").at(-1);
  return name === undefined ? documented : (TYPES[name] ?? {});
}

/** As the house's formatter writes them. */
function shortListsInline(text: string): string {
  return text.replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_, inner: string) => `[${inner.replace(/\n\s+/g, " ")}]`);
}
