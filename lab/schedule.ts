import type { Folders } from "./folders";
import type { Step } from "./step";

/** Told of each step as it goes; times in milliseconds. */
export interface Listener {
  started(step: Step): void;
  said(step: Step, text: string): void;
  ended(step: Step, tookMs: number): void;
}

export class StepFailure extends Error {
  constructor(
    readonly step: Step,
    override readonly cause: Error,
  ) {
    super(`${step.title}: ${cause.message}`);
  }
}

/**
 * Runs each step's `up` as soon as those that it needs have ended. After a failure no further step begins; `onFailure`
 * may cut the running ones short; when all are quiet the first failure is thrown.
 * @throws StepFailure
 */
export async function bringUp(
  steps: readonly Step[],
  folders: Folders,
  listener: Listener,
  onFailure: () => void,
): Promise<void> {
  const begun = new Map<string, Promise<void>>();
  let failure: StepFailure | undefined;

  const runOne = async (step: Step): Promise<void> => {
    await Promise.all(step.needs.map((name) => begun.get(name)));
    if (failure) return;
    const start = Date.now();
    listener.started(step);
    try {
      await step.up({ folders, say: (text) => listener.said(step, text) });
      listener.ended(step, Date.now() - start);
    } catch (error) {
      if (failure) return;
      failure = new StepFailure(step, error instanceof Error ? error : new Error(String(error)));
      onFailure();
    }
  };

  for (const step of inOrderOfNeeds(steps)) begun.set(step.name, runOne(step));
  await Promise.all(begun.values());
  if (failure) throw failure;
}

/** Takes the steps away from the last to the first. One that fails does not keep the others; the first failure is thrown. */
export async function takeDown(steps: readonly Step[], folders: Folders): Promise<void> {
  let failure: StepFailure | undefined;
  for (const step of [...steps].reverse()) {
    try {
      await step.down?.({ folders, say: () => {} });
    } catch (error) {
      failure ??= new StepFailure(step, error instanceof Error ? error : new Error(String(error)));
    }
  }
  if (failure) throw failure;
}

/** What is wrong, by step: empty when all is well. Checks run side by side. */
export async function findProblems(steps: readonly Step[], folders: Folders): Promise<Map<string, string>> {
  const answers = await Promise.all(
    steps.map(async (step) => [step.name, await step.check?.({ folders, say: () => {} })] as const),
  );
  return new Map(answers.filter((answer): answer is [string, string] => answer[1] !== undefined));
}

/** Every step after those that it needs. Throws on a need that is not in the list, or on a circle. */
export function inOrderOfNeeds(steps: readonly Step[]): Step[] {
  const ordered: Step[] = [];
  let waiting = [...steps];
  while (waiting.length > 0) {
    const isReady = (step: Step): boolean => step.needs.every((need) => ordered.some(({ name }) => name === need));
    const ready = waiting.filter(isReady);
    if (ready.length === 0) {
      throw new Error(
        `these steps need one another or one that is not there: ${waiting.map(({ name }) => name).join(", ")}`,
      );
    }
    ordered.push(...ready);
    waiting = waiting.filter((step) => !ready.includes(step));
  }
  return ordered;
}
