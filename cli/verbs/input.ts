import type { Command } from "commander";

/** What a path may be, in the help of each verb. */
export const INPUT = "folder or file of manifests, a stack's state, preview or config, or - for standard input";

/** The options by which every verb takes its input; see `inputOf` (cli/input.ts). */
export function addInput(command: Command): Command {
  return command
    .option("--from <path>", INPUT)
    .option("--stack <name>", "the config of a stack: Pulumi.NAME.yaml of this folder")
    .option("--context <name>", "a live cluster, read-only: a context of your kubeconfig");
}
