import { type Command, Option } from "commander";
import { AUDIT_FORMATS } from "../formats";
import type { Output } from "../output";
import type { Done } from "./done";
import { addInput } from "./input";

export function addAudit(program: Command, output: Output, done: Done): void {
  const command = program
    .command("audit")
    .description("Who called what, by the access logs of gateways and sidecars: allowed, denied and by which layer")
    .argument(
      "[log...]",
      "files or folders of JSON access logs, also .gz, or - for standard input; none: the logs of --context",
    );
  addInput(command)
    .option("-f, --follow", "go on with what is written; Ctrl-C ends it with the report")
    .option("--since <when>", "only calls from then on: 90s, 10m, 2h, 7d ago, or a moment (2026-01-31T08:00:00Z)")
    .option("--gateways-only", "of a cluster: without the logs of sidecars, which alone know what they refuse")
    .option("--patch", "print nothing but the patch of the stack's file that would allow what was denied")
    .addOption(new Option("--format <format>", "of the report").choices(AUDIT_FORMATS).default("text"))
    .option("--json", "the same as --format json")
    .addHelpText("after", AUDIT_HELP)
    .action(async (logs, options) => {
      const { auditCommand } = require("../audit") as typeof import("../audit");
      done(await auditCommand({ ...options, logs }, output));
    });
}

const AUDIT_HELP = `
Examples: controlled-egress audit --context kind-x --stack dev
          kubectl logs -n external -l app=egress-github --prefix | controlled-egress audit - --stack dev
          controlled-egress audit --context kind-x --stack dev --patch > allow.patch

--from, --stack or --context say what is allowed: then what is never used and what will soon expire is listed too, and
with a stack's config the lines that would allow what was denied. They are for review: nothing is ever changed.

Exit code: 0 nothing was denied, 1 something was, 2 something left past every gateway, 64 and more for a bad question
or input.`;
