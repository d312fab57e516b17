import type { Folders } from "./folders";

/** What a step is handed. */
export interface StepContext {
  folders: Folders;
  /** Shows one short line beside the running step, such as "1,200 of 2,900 packages". */
  say(text: string): void;
}

/** One part of the lab. Steps know each other by name only; `steps.ts` lists them all. */
export interface Step {
  /** Unique, lower case; its log is `logs/<name>.log`. */
  name: string;
  /** What the user reads, e.g. "API server". */
  title: string;
  /** Names of the steps whose `up` must have ended before this one's begins. Steps without such a tie run side by side. */
  needs: readonly string[];
  /**
   * Makes it so, from any state that a crash may have left, and returns quickly (tens of milliseconds) when it is so
   * already. It returns when the part can be used by others. Throws an Error whose message is for the user.
   */
  up(context: StepContext): Promise<void>;
  /** Takes everything away, from any state, also when nothing is there. Called in the reverse order of the list. */
  down?(context: StepContext): Promise<void>;
  /** Undefined when all is well, else one line on what is wrong. Quick, changes nothing, never throws. */
  check?(context: StepContext): Promise<string | undefined>;
}
