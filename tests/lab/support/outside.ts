import { settings } from "../../../attack/grounds/controlled";
import { addSecrets } from "../../../attack/stages";
import type { Engine } from "../../support/engine";
import { kubectl } from "./cluster";
import { assertDone, demoUp, openStack, upAgain } from "./stack";

let outside: Engine | undefined;

/** A second stack beside the demo's, with destinations of every protocol; up, with its Secrets. */
export async function outsideStack(): Promise<Engine> {
  await demoUp();
  outside ??= await openStack(settings());
  await upAgain(outside);
  await addSecrets(kubectl);
  return outside;
}

/** Takes it away, if it is there. */
export async function outsideGone(): Promise<void> {
  if (outside === undefined) return;
  assertDone(await outside.destroy());
  outside.close();
  outside = undefined;
}
