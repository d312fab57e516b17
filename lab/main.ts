import { existsSync, readdirSync } from "node:fs";
import { Command } from "commander";
import pc from "picocolors";
import { endJobs } from "./commands";
import { logFile } from "./daemon";
import { type Folders, labFolders } from "./folders";
import { labEnvironment, pulumiEnvironmentAlone } from "./index";
import { cleanCache, down, problems, up, upOnly } from "./lab";
import { folderSize } from "./sizes";
import { STEPS } from "./steps";
import { tail } from "./tail";

const folders = labFolders();
const program = new Command("lab").description(
  "A real one-node Kubernetes cluster with an internet of its own, without Docker.",
);

program
  .command("up")
  .description("bring the lab up, from any state; builds what the cache does not hold")
  .option("--only <steps...>", "only these steps and what they need; `--only pulumi` serves a cluster of your own")
  .action(async ({ only }: { only?: string[] }) => (only ? upOnly(folders, only) : up(folders)));

program
  .command("down")
  .description("take the lab away, from any state; the cache stays")
  .action(async () => down(folders));

program.command("status").description("each part, and what is wrong with it; exit 1 if anything is").action(showStatus);

program
  .command("env")
  .description('lines for `eval "$(lab env)"`: PATH, KUBECONFIG and the variables of Pulumi')
  .option("--own-cluster", "Pulumi's alone: the kubeconfig stays yours")
  .action(({ ownCluster }: { ownCluster?: boolean }) =>
    showEnvironment(ownCluster ? pulumiEnvironmentAlone() : labEnvironment()),
  );

program
  .command("logs")
  .description("the end of a part's log; without a name, the names")
  .argument("[name]")
  .option("--lines <number>", "how many lines", "50")
  .action(showLog);

program
  .command("clean-cache")
  .description("remove all that was built or downloaded")
  .action(async () => cleanCache(folders));

async function showStatus(): Promise<void> {
  const wrong = existsSync(folders.state) ? await problems(folders) : undefined;
  for (const { name, title } of STEPS) {
    const problem = wrong?.get(name);
    if (wrong) console.log(problem === undefined ? `${pc.green("✓")} ${title}` : `${pc.red("✗")} ${title}: ${problem}`);
  }
  if (!wrong) console.log("the lab is down");
  for (const [name, path] of Object.entries(places(folders))) console.log(`${name} ${path} ${await folderSize(path)}`);
  if (!wrong || wrong.size > 0) process.exitCode = 1;
}

function places({ state, cache }: Folders): Record<string, string> {
  return { "running lab:": state, "cache:      ": cache };
}

function showEnvironment(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables))
    console.log(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
}

function showLog(name: string | undefined, { lines }: { lines: string }): void {
  const names = existsSync(folders.logs) ? readdirSync(folders.logs).map((file) => file.replace(/\.log$/, "")) : [];
  if (name === undefined) {
    console.log(names.length > 0 ? names.join("\n") : "no logs: the lab is down");
    return;
  }
  const path = logFile(folders, name);
  if (!existsSync(path))
    throw new Error(`there is no log "${name}"; the logs are: ${names.join(", ") || "none, the lab is down"}`);
  console.log(`${tail(path, Number(lines) || 50)}\n${pc.dim(path)}`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    endJobs();
    process.exit(130);
  });
}

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
