import type { SourcedManifest } from "../graph/mesh/sourced";
import { BAD_QUESTION, CommandError } from "./exit";
import { isStackFile, type Reading, readManifests } from "./read/files";

/** Where objects come from; `path` may be all that `readManifests` takes. */
export type Input = { path: string } | { context: string };

/** The options that `addInput` (cli/verbs/input.ts) declares. */
export interface InputOptions {
  from?: string;
  stack?: string;
  context?: string;
}

/** Exactly one of the options. Throws `CommandError`. */
export function inputOf(verb: string, { from, stack, context }: InputOptions): Input {
  const given = [from, stack, context].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw new CommandError(`${verb} needs one of --from PATH, --stack NAME and --context NAME.`, BAD_QUESTION);
  if (context !== undefined) return { context };
  return { path: from ?? stackFile(stack ?? "") };
}

/** The same as one argument: a path, "stack:NAME" or "context:NAME". */
export function inputOfText(text: string): Input {
  if (text.startsWith("context:")) return { context: text.slice("context:".length) };
  return { path: text.startsWith("stack:") ? stackFile(text.slice("stack:".length)) : text };
}

/** How messages name it. */
export function nameOf(input: Input): string {
  return "path" in input ? input.path : `context ${input.context}`;
}

/** The stack's config file that an input is, if it is one. */
export function stackFileOf(input: Input | undefined): string | undefined {
  return input !== undefined && "path" in input && isStackFile(input.path) ? input.path : undefined;
}

/** The objects of an input. Throws `ReadProblem`. */
export async function objectsOf(input: Input, reading: Reading = {}): Promise<SourcedManifest[]> {
  if ("path" in input) return readManifests(input.path, reading);
  // Loaded for live clusters alone: the client takes longer to load than most answers.
  const { manifestsOfCluster } = require("./read/cluster") as typeof import("./read/cluster");
  return manifestsOfCluster(input.context);
}

function stackFile(name: string): string {
  return `Pulumi.${name}.yaml`;
}
