import { BAD_INPUT } from "./exit";
import type { Output } from "./output";
import type { Reading } from "./read/files";

/**
 * What of an input could not be read: a line each on stderr, as it is met, while the rest is read all the same. An answer
 * without it is no whole answer, so its exit code gives way to `BAD_INPUT`.
 */
export class Problems {
  private some = false;

  constructor(private readonly output: Output) {}

  readonly reading: Reading = {
    onProblem: ({ message }) => {
      this.some = true;
      this.output.err(`error: ${message}\n`);
    },
  };

  exitCode(own: number): number {
    return this.some ? BAD_INPUT : own;
  }
}
