import type { VerdictKind } from "../graph/explain/types";

/** Exit codes: what became of the call, or (64 and more, after the BSD's sysexits) why there was no answer. */
export const EXIT: Readonly<Record<VerdictKind, number>> = {
  gateway: 0,
  "in-mesh": 0,
  blocked: 1,
  direct: 2,
  unknown: 3,
};

/** The command or the question is malformed. */
export const BAD_QUESTION = 64;
/** An input is not what it should be: broken YAML, a line of a batch that is no question. */
export const BAD_INPUT = 65;
/** The workload of the question is not among the objects. */
export const NO_SUCH_WORKLOAD = 67;

/** The cluster does not answer, is not known, or does not accept who asks. */
export const UNAVAILABLE = 69;
/** The cluster answers, but not this: a permission is missing. */
export const NO_PERMISSION = 77;

/** Ends the command with one line for the user and an exit code. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}
