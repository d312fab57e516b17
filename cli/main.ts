import { Command, CommanderError, Option } from "commander";
import { version } from "../package.json";
import { BAD_INPUT, BAD_QUESTION, CommandError } from "./exit";
import { DIFF_FORMATS, MAP_FORMATS } from "./formats";
import type { Output } from "./output";
import { ReadProblem } from "./read/problem";

const STANDARD: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

/** Runs the command line and gives its exit code. Each verb loads what it needs by itself: start-up is part of every answer. */
export async function main(args: readonly string[], output: Output = STANDARD): Promise<number> {
  let exitCode = 0;
  const program = newProgram(output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return failure(error, output);
  }
}

type Done = (exitCode: number) => void;

const FROM = "folder or file of manifests, a stack's state, preview or config, or - for standard input";

function newProgram(output: Output, done: Done): Command {
  const program = new Command("controlled-egress")
    .description("Which application reaches which external destination, through which egress gateway.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .showSuggestionAfterError();
  addExplain(program, output, done);
  addDiff(program, output, done);
  addMap(program, output, done);
  addCheck(program, output, done);
  addSchema(program, output, done);
  return program;
}

function addExplain(program: Command, output: Output, done: Done): void {
  program
    .command("explain")
    .description("What becomes of a call, hop by hop, and which object decides")
    .argument("[workload]", "namespace/name of a Deployment, Pod …, or namespace?label=value")
    .argument("[url]", "http://…, https://… or tcp://host:port")
    .requiredOption("--from <path>", FROM)
    .option("--json", "print the answer as JSON")
    .option(
      "--calls <file>",
      "answer many: a JSON object a line with workload, url and, where needed, address, method, headers",
    )
    .option("--address <ip>", "the address dialled, where it is not the one that the mesh knows for the host")
    .option("--method <method>", "HTTP method (default: GET)")
    .option("--header <name: value...>", "HTTP header")
    .option("--service-account <name>", "service account of the workload, where no object says it")
    .addHelpText("after", EXPLAIN_HELP)
    .action(async (workload, url, options) => {
      const { explainCommand } = require("./explain") as typeof import("./explain");
      done(await explainCommand({ ...options, workload, url }, output));
    });
}

const EXPLAIN_HELP = `
Example: controlled-egress explain test-app/app-a https://github.com --from Pulumi.dev.yaml

Exit code: 0 through an egress gateway or inside the mesh, 1 blocked, 2 directly out of the mesh, 3 unknown,
64 and more for a bad question. With --calls: 0 when every line was answered, 65 when a line was no question.`;

function addDiff(program: Command, output: Output, done: Done): void {
  program
    .command("diff")
    .description("What a change makes reachable, what it takes away, and which guard it loses")
    .argument("<before>", FROM)
    .argument("<after>", "the same")
    .addOption(new Option("--format <format>", "how to print it").choices(DIFF_FORMATS).default("text"))
    .addHelpText("after", DIFF_HELP)
    .action(async (before, after, { format }) => {
      const { diffCommand } = require("./diff") as typeof import("./diff");
      done(await diffCommand({ before, after, format }, output));
    });
}

const DIFF_HELP = `
Example: git show main:Pulumi.dev.yaml > Pulumi.before.yaml
         controlled-egress diff Pulumi.before.yaml Pulumi.dev.yaml --format markdown

Exit code: 0 nothing more can leave, 2 something can (newly reachable, past a gateway, or a guard lost), 3 undecided,
64 and more for a bad question or input.`;

function addMap(program: Command, output: Output, done: Done): void {
  program
    .command("map")
    .description("Who may reach what, by which gateway")
    .requiredOption("--from <path>", FROM)
    .addOption(new Option("--format <format>", "how to print it").choices(MAP_FORMATS).default("table"))
    .addHelpText("after", MAP_HELP)
    .action(async (options) => {
      const { mapCommand } = require("./map") as typeof import("./map");
      done(await mapCommand(options, output));
    });
}

const MAP_HELP = `
Example: controlled-egress map --from Pulumi.dev.yaml --format mermaid

What is not shown is blocked. Exit code: 0, 64 and more for a bad question or input.`;

function addCheck(program: Command, output: Output, done: Done): void {
  program
    .command("check")
    .description("Judge objects by the rules of the policy pack")
    .option("--from <path>", FROM)
    .option("--stack <name>", "the config of a stack: Pulumi.NAME.yaml")
    .addOption(new Option("--format <format>", "of the report").choices(["text", "json", "sarif", "junit"]))
    .option("--json", "the same as --format json")
    .option("--config <file>", "levels, exemptions and options of rules, in the policy pack's own form")
    .addHelpText("after", CHECK_HELP)
    .action(async (options) => {
      const { checkCommand } = require("./check") as typeof import("./check");
      done(await checkCommand(options, output));
    });
}

const CHECK_HELP = `
Example: controlled-egress check --from manifests --format sarif > egress.sarif

Exit code: 0 nothing mandatory is broken, 1 something is, 3 nothing is but what could not be decided, 64 for a bad
question, 65 where a file could not be read (what the others hold is reported all the same).`;

function addSchema(program: Command, output: Output, done: Done): void {
  program
    .command("schema")
    .description("JSON Schema of the stack's config, for editors")
    .option("--project <name>", "name of the Pulumi project, before the colon of each key", "controlled-egress")
    .addHelpText("after", SCHEMA_HELP)
    .action((options) => {
      const { schemaCommand } = require("./schema") as typeof import("./schema");
      done(schemaCommand(options, output));
    });
}

const SCHEMA_HELP = `
Example: controlled-egress schema > stack-config.schema.json`;

function failure(error: unknown, output: Output): number {
  // Commander has written its own message, and its exit code 1 would read as "blocked".
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_QUESTION;
  if (error instanceof CommandError || error instanceof ReadProblem) {
    output.err(`error: ${error.message}\n`);
    return error instanceof CommandError ? error.exitCode : BAD_INPUT;
  }
  throw error;
}
