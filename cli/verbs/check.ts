import { type Command, Option } from "commander";
import type { Output } from "../output";
import type { Done } from "./done";
import { addInput } from "./input";

export function addCheck(program: Command, output: Output, done: Done): void {
  const command = program.command("check").description("Judge objects by the rules of the policy pack");
  addInput(command)
    .addOption(new Option("--format <format>", "of the report").choices(["text", "json", "sarif", "junit"]))
    .option("--json", "the same as --format json")
    .option("--config <file>", "levels, exemptions and options of rules, in the policy pack's own form")
    .addHelpText("after", CHECK_HELP)
    .action(async (options) => {
      const { checkCommand } = require("../check") as typeof import("../check");
      done(await checkCommand(options, output));
    });
}

const CHECK_HELP = `
Example: controlled-egress check --from manifests --format sarif > egress.sarif

Exit code: 0 nothing mandatory is broken, 1 something is, 3 nothing is but what could not be decided, 64 for a bad
question, 65 where a file could not be read (what the others hold is reported all the same).`;
