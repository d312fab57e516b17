import { join } from "node:path";
import pc from "picocolors";
import { kubectlOf } from "../demo/kubectl";
import { pulumi, repair } from "../demo/stack";
import { intentOf, releasesOf } from "../demo/stackFile";
import { isUp, labEnvironment, labPaths } from "../lab";
import { type Attacked, attack } from "./attack";
import type { Ground } from "./ground";
import { CONTROLLED, settings } from "./grounds/controlled";
import { ORIGINAL } from "./grounds/original";
import { addBystanders, addOriginal, addSecrets, clear } from "./stages";
import { attackTable, comparison } from "./table";

/** `make attack`, on the lab that `make up` brought up: every attempt against both layouts, as tables. */
async function main(): Promise<void> {
  if (!(await isUp())) throw new Error("the lab is down: `make up` brings it up, with the Istio that the attacks need");
  const environment = labEnvironment();
  const kubectl = kubectlOf(environment);
  const stack = { name: "attack", environment, folder: join(labPaths().pulumi, "attack") };
  await repair(stack, kubectl, releasesOf(intentOf(settings())));
  try {
    console.log(pc.bold("controlled egress: making its stack"));
    await pulumi(stack, settings(), ["up", "--yes", "--skip-preview", "--refresh", "--suppress-outputs"]);
    await addSecrets(kubectl);
    await addBystanders(kubectl, CONTROLLED);
    const ours = await attempts(CONTROLLED);
    await clear(kubectl, CONTROLLED);
    console.log(pc.bold("\nthe demo's original layout"));
    await addOriginal(kubectl);
    const original = await attempts(ORIGINAL);
    console.log(comparison(ours, original));
    if (ours.some(({ through, attempt, twinWorked }) => (through && attempt.stated === undefined) || !twinWorked))
      process.exitCode = 1;
  } finally {
    await clear(kubectl, ORIGINAL);
    await pulumi(stack, settings(), ["destroy", "--yes", "--suppress-outputs"]);
  }

  async function attempts(ground: Ground): Promise<Attacked[]> {
    const attacked = await attack(kubectl, ground, (done, all) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${all} attempts`);
    });
    console.log(`\n${attackTable(attacked)}`);
    return attacked;
  }
}

main().catch((error: Error) => {
  console.error(pc.red(error.message));
  process.exitCode = 1;
});
