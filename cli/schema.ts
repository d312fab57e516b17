import type { Output } from "./output";
import stackConfig from "./stackConfig.schema.json";

/** `controlled-egress schema`: the JSON Schema of a stack's config file, `Pulumi.STACK.yaml`. */
export function schemaCommand({ project }: { project: string }, output: Output): number {
  output.out(`${JSON.stringify(stackSchema(project), undefined, 2)}\n`);
  return 0;
}

/** Keys of other projects and packages are theirs; one of this project that is not known is a fault. */
export function stackSchema(project: string): object {
  const keys = Object.entries(stackConfig.properties).map(([key, value]) => [`${project}:${key}`, value] as const);
  const config = {
    type: "object",
    properties: Object.fromEntries(keys),
    propertyNames: { anyOf: [{ enum: keys.map(([key]) => key) }, { not: { pattern: `^${escaped(project)}:` } }] },
  };
  return {
    $schema: stackConfig.$schema,
    title: `Config of a stack of ${project}`,
    type: "object",
    properties: { config },
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
