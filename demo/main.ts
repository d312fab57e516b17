import { Command } from "commander";
import pc from "picocolors";
import { down, up, walkAndShow } from "./up";

/** The demo: `make up`, `make walk` and `make down`. */
const program = new Command("demo").description("The demo on the lab, or on a cluster of your own");
const CONTEXT = ["--context <name>", "a context of your kubeconfig: that cluster is used instead of the lab"] as const;

program
  .command("up")
  .description("lab, stack and walk")
  .option(...CONTEXT)
  .action(up);
program
  .command("walk")
  .description("make the demo's calls and show what came of them")
  .option(...CONTEXT)
  .action(walkAndShow);
program
  .command("down")
  .description("take everything away")
  .option(...CONTEXT)
  .action(down);

program.parseAsync().catch((error: Error) => {
  console.error(pc.red(error.message));
  process.exitCode = 1;
});
