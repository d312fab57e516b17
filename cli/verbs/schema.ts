import type { Command } from "commander";
import type { Output } from "../output";
import type { Done } from "./done";

export function addSchema(program: Command, output: Output, done: Done): void {
  program
    .command("schema")
    .description("JSON Schema of the stack's config, for editors")
    .option("--project <name>", "name of the Pulumi project, before the colon of each key", "controlled-egress")
    .addHelpText("after", SCHEMA_HELP)
    .action((options) => {
      const { schemaCommand } = require("../schema") as typeof import("../schema");
      done(schemaCommand(options, output));
    });
}

const SCHEMA_HELP = `
Example: controlled-egress schema > stack-config.schema.json`;
