import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { BAD_INPUT, BAD_QUESTION, CommandError } from "./exit";
import type { Output } from "./output";
import { ReadProblem } from "./read/problem";
import { addAudit } from "./verbs/audit";
import { addCheck } from "./verbs/check";
import { addDiff } from "./verbs/diff";
import type { Done } from "./verbs/done";
import { addExplain } from "./verbs/explain";
import { addMap } from "./verbs/map";
import { addSchema } from "./verbs/schema";

/** In the order of the help. */
const VERBS = [addExplain, addMap, addDiff, addCheck, addAudit, addSchema];

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

function newProgram(output: Output, done: Done): Command {
  const program = new Command("controlled-egress")
    .description("Which application reaches which external destination, through which egress gateway.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .showSuggestionAfterError();
  for (const add of VERBS) add(program, output, done);
  return program;
}

function failure(error: unknown, output: Output): number {
  // Commander has written its own message, and its exit code 1 would read as "blocked".
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_QUESTION;
  if (error instanceof CommandError || error instanceof ReadProblem) {
    output.err(`error: ${error.message}\n`);
    return error instanceof CommandError ? error.exitCode : BAD_INPUT;
  }
  throw error;
}
