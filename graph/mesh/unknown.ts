/**
 * A value that is not known yet (an output of a resource that does not exist before `pulumi up`). It may stand anywhere in a manifest.
 * `Symbol.for`, so that two copies of this package agree.
 */
export const UNKNOWN: unique symbol = Symbol.for("controlled-egress.unknown");

/** Thrown when a question needs an `UNKNOWN` value; `explain` turns it into the verdict `unknown`. Never leaves graph/. */
export class Undecided extends Error {
  constructor(
    /** "Kind namespace/name". */
    readonly object: string,
    /** Path of the value, for example "spec.hosts[0]". */
    readonly field: string,
  ) {
    super(`${object}: ${field} is not known yet`);
  }
}

/** What is read, or undefined where it needs an `UNKNOWN` value: for those who may go on without it. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}
