import { distance } from "fastest-levenshtein";

/** The known name that `name` was probably meant to be, or undefined when none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const steps = distance(name.toLowerCase(), candidate.toLowerCase());
    if (steps < least) {
      least = steps;
      best = candidate;
    }
  }
  return best;
}

/** The fix of an unknown name: the nearest known one, else the list of them. */
export function suggest(name: string, known: readonly string[], otherwise: string): string {
  const guess = nearest(name, known);
  if (guess !== undefined) return `Did you mean "${guess}"?`;
  if (known.length === 0) return otherwise;
  return `Use one of ${known.slice(0, 8).join(", ")}${known.length > 8 ? ", …" : ""}, or ${lowerFirst(otherwise)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
