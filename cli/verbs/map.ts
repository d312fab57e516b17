import { type Command, Option } from "commander";
import { MAP_FORMATS } from "../formats";
import type { Output } from "../output";
import type { Done } from "./done";
import { addInput } from "./input";

export function addMap(program: Command, output: Output, done: Done): void {
  const command = program.command("map").description("Who may reach what, by which gateway");
  addInput(command)
    .option("--traffic <log...>", "what really flowed, by access logs: files, folders or -; live: those of --context")
    .option("--since <when>", "with --traffic: only calls from then on (90s, 10m, 2h, 7d, or a moment)")
    .addOption(new Option("--format <format>", "how to print it").choices(MAP_FORMATS).default("table"))
    .addHelpText("after", MAP_HELP)
    .action(async (options) => {
      const { mapCommand } = require("../map") as typeof import("../map");
      done(await mapCommand(options, output));
    });
}

const MAP_HELP = `
Example: controlled-egress map --from Pulumi.dev.yaml --format mermaid

What is not shown is blocked. Exit code: 0, 64 and more for a bad question or input.`;
