import { type Command, Option } from "commander";
import { DIFF_FORMATS } from "../formats";
import type { Output } from "../output";
import type { Done } from "./done";
import { INPUT } from "./input";

export function addDiff(program: Command, output: Output, done: Done): void {
  program
    .command("diff")
    .description("What a change makes reachable, what it takes away, and which guard it loses")
    .argument("<before>", `${INPUT}; or stack:NAME, or context:NAME (a live cluster)`)
    .argument("<after>", "the same")
    .addOption(new Option("--format <format>", "how to print it").choices(DIFF_FORMATS).default("text"))
    .addHelpText("after", DIFF_HELP)
    .action(async (before, after, { format }) => {
      const { diffCommand } = require("../diff") as typeof import("../diff");
      done(await diffCommand({ before, after, format }, output));
    });
}

const DIFF_HELP = `
Example: git show main:Pulumi.dev.yaml > Pulumi.before.yaml
         controlled-egress diff Pulumi.before.yaml Pulumi.dev.yaml --format markdown

Exit code: 0 nothing more can leave, 2 something can (newly reachable, past a gateway, or a guard lost), 3 undecided,
64 and more for a bad question or input.`;
