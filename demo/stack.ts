import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { dump } from "js-yaml";
import type { Kubectl } from "./kubectl";
import { type ExportedState, forgetHalfMadeReleases, type ReleaseName, removeStaleLocks } from "./repair";
import { PROJECT_FOLDER, type StackSettings, stackFileText } from "./stackFile";

/** A stack of this project, driven by the real engine with `pulumi` on PATH of an environment. */
export interface DemoStack {
  name: string;
  environment: Record<string, string | undefined>;
  /** The stack's settings are written there: the engine adds its salt to the file, which is not to show up in the checkout. */
  folder: string;
}

/** Mends what a killed update left behind, so that the next one can run. */
export async function repair(stack: DemoStack, kubectl: Kubectl, planned: readonly ReleaseName[]): Promise<void> {
  const backend = stack.environment.PULUMI_BACKEND_URL ?? "";
  if (!backend.startsWith("file://")) return;
  removeStaleLocks(backend.slice("file://".length));
  const exported = await execa("pulumi", ["stack", "export", "--stack", stack.name], {
    cwd: PROJECT_FOLDER,
    env: stack.environment,
    reject: false,
  });
  if (exported.failed) return; // no such stack yet
  const forgotten = await forgetHalfMadeReleases(kubectl, JSON.parse(exported.stdout) as ExportedState, planned);
  if (forgotten.length > 0) console.log(`an update was interrupted: ${forgotten.join(", ")} will be installed anew`);
}

/** Runs one pulumi command on the stack, its output shown as it comes. Throws when it fails. */
export async function pulumi(stack: DemoStack, settings: StackSettings, args: readonly string[]): Promise<void> {
  await makeStack(stack);
  const file = join(stack.folder, `Pulumi.${stack.name}.yaml`);
  writeFileSync(file, stackFileText(settings));
  const common = ["--stack", stack.name, "--config-file", file, "--non-interactive"];
  await run(stack, PROJECT_FOLDER, [...args, ...common], "inherit");
}

/** From a folder with a project of the same name, as the engine writes its salt beside the project's file. */
async function makeStack(stack: DemoStack): Promise<void> {
  mkdirSync(stack.folder, { recursive: true });
  writeFileSync(join(stack.folder, "Pulumi.yaml"), dump({ name: "controlled-egress", runtime: "nodejs" }));
  await run(stack, stack.folder, ["stack", "select", stack.name, "--create", "--non-interactive"], "ignore");
}

async function run(
  stack: DemoStack,
  cwd: string,
  args: readonly string[],
  stdout: "ignore" | "inherit",
): Promise<void> {
  const { failed, exitCode, stderr } = await execa("pulumi", args, {
    cwd,
    env: stack.environment,
    stdio: ["ignore", stdout, stdout === "inherit" ? "inherit" : "pipe"],
    reject: false,
  });
  if (failed)
    throw new Error(
      `pulumi ${args[0]} ended with ${exitCode ?? "a signal"}${stderr ? `: ${stderr}` : "; what went wrong stands above"}`,
    );
}
