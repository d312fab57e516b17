import { join } from "node:path";
import { execa } from "execa";
import pc from "picocolors";
import { labEnvironment, labPaths, ownClusterFolder, pulumiEnvironmentAlone } from "../lab";
import { foretell } from "./foretell";
import { type Kubectl, kubectlOf } from "./kubectl";
import { walkTable } from "./report";
import { type DemoStack, pulumi, repair } from "./stack";
import { intentOf, PROJECT_FOLDER, readStackFile, releasesOf, type StackSettings } from "./stackFile";
import { leaked, walk } from "./walk";

export interface UpOptions {
  /** A context of the user's kubeconfig: that cluster is used instead of the lab. */
  context?: string;
}

/** Where things are: on the lab, or on a cluster of the user's. */
interface Place {
  stack: DemoStack;
  kubectl: Kubectl;
  settings: StackSettings;
}

const STACK = "dev";

/** Shows what will be, brings it up, walks the demo with real traffic and shows what happened. */
export async function up({ context }: UpOptions): Promise<void> {
  const settings = readStackFile(STACK);
  console.log(`${foretell(intentOf(settings))}\n`);
  await timed("lab", () => lab(context === undefined ? ["up"] : ["up", "--only", "pulumi"]));
  const place = placeOf(settings, context);
  // --refresh: a state whose cluster was rebuilt would otherwise say "unchanged" and make nothing.
  await repair(place.stack, place.kubectl, releasesOf(intentOf(settings)));
  await timed("stack", () =>
    pulumi(place.stack, place.settings, ["up", "--yes", "--skip-preview", "--refresh", "--suppress-outputs"]),
  );
  await timed("walk", () => walkAndShow({ context }));
}

/** Makes the demo's calls and shows what came of them. Throws if any differs from what the configuration says. */
export async function walkAndShow({ context }: UpOptions): Promise<void> {
  const settings = readStackFile(STACK);
  const walked = await walk(placeOf(settings, context).kubectl, intentOf(settings));
  console.log(walkTable(walked));
  const wrong = walked.filter(({ ok }) => !ok);
  if (wrong.some(leaked)) throw new Error("a call that the configuration forbids got out");
  if (wrong.length > 0)
    throw new Error(`${wrong.length} of ${walked.length} calls differ from what the configuration says`);
  console.log(pc.green(`all ${walked.length} calls are as the configuration says`));
}

/** Takes the stack down; the lab, if it is one, with it. */
export async function down({ context }: UpOptions): Promise<void> {
  if (context === undefined) return lab(["down"]);
  const { stack, settings } = placeOf(readStackFile(STACK), context);
  await pulumi(stack, settings, ["destroy", "--yes"]);
}

function placeOf(settings: StackSettings, context: string | undefined): Place {
  const environment = context === undefined ? labEnvironment() : pulumiEnvironmentAlone();
  const folder = context === undefined ? labPaths().pulumi : ownClusterFolder();
  const stack = { name: STACK, environment, folder: join(folder, "demo") };
  const own = context === undefined ? {} : { "kubernetes:context": context };
  return { stack, kubectl: kubectlOf(environment, context), settings: { ...settings, ...own } };
}

async function lab(args: readonly string[]): Promise<void> {
  const result = await execa(process.execPath, ["-r", "ts-node/register/transpile-only", "lab/main.ts", ...args], {
    cwd: PROJECT_FOLDER,
    stdio: "inherit",
    reject: false,
  });
  if (result.failed) throw new Error(`lab ${args[0]} failed; what went wrong stands above`);
}

async function timed(title: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  console.log(pc.dim(`${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`));
}
