/**
 * A question that can end in several ways (weights, mirrors, faults, unknown ages) is walked once for each way. A walk asks `pick` where
 * its way parts; `everyOutcome` walks again until every combination has been taken.
 */
export class Choices {
  private position = 0;
  readonly taken: { count: number; pick: number }[] = [];

  constructor(private readonly script: number[]) {}

  pick<T>(options: readonly T[]): T {
    if (options.length === 1) return options[0] as T;
    const pick = this.script[this.position++] ?? 0;
    this.taken.push({ count: options.length, pick });
    return options[pick] as T;
  }
}

/** Most ways that one question may take; more is answered "unknown". */
export const MOST_WAYS = 256;

/** Results of all ways; undefined if there are more than `MOST_WAYS`. */
export function everyOutcome<T>(walk: (choices: Choices) => T): T[] | undefined {
  const results: T[] = [];
  let script: number[] | undefined = [];
  while (script) {
    if (results.length >= MOST_WAYS) return undefined;
    const choices: Choices = new Choices(script);
    results.push(walk(choices));
    script = nextScript(choices.taken);
  }
  return results;
}

function nextScript(taken: { count: number; pick: number }[]): number[] | undefined {
  for (let last = taken.length - 1; last >= 0; last--) {
    const choice = taken[last] as { count: number; pick: number };
    if (choice.pick + 1 < choice.count) return [...taken.slice(0, last).map((c) => c.pick), choice.pick + 1];
  }
  return undefined;
}
