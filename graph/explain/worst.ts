import type { Outcome, VerdictKind } from "./types";

/** A leak outranks everything; then what nobody can vouch for; then a call that may fail. */
const ORDER: VerdictKind[] = ["direct", "unknown", "blocked", "in-mesh", "gateway"];

function badness(outcome: Outcome): number {
  const order = ORDER.indexOf(outcome.verdict);
  // A copy that goes nowhere, or to a gateway as well, does not change what the application sees.
  return outcome.mirror && order > 1 ? ORDER.length + order : order;
}

/** The worst outcome first, each distinct one once. */
export function worstFirst(outcomes: Outcome[]): Outcome[] {
  if (outcomes.length < 2) return outcomes;
  const distinct = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    const key = JSON.stringify([
      outcome.verdict,
      outcome.gateways,
      outcome.destination,
      outcome.address,
      outcome.tls,
      outcome.seen,
      outcome.missing,
      outcome.mirror,
    ]);
    if (!distinct.has(key)) distinct.set(key, outcome);
  }
  return [...distinct.values()].sort((a, b) => badness(a) - badness(b));
}
