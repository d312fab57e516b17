/** Which change of a stack's configuration allows a call. */
import type { EgressConfig } from "../intent/config";
import { formatProblem } from "../intent/problem";
import { validate } from "../intent/validate";
import { allowanceFor } from "./allowance";
import { type ConfigChange, withChanges } from "./configChange";
import { destinationFor } from "./destination";
import { NoWay, type Step, type WantedCall } from "./wanted";

export type { WantedCall } from "./wanted";

/** The changes, the configuration with them, and what they are in words; or why no change helps. */
export type Allowance =
  | { ok: true; config: EgressConfig; changes: ConfigChange[]; says: string[] }
  | { ok: false; why: string };

/**
 * The least change of a valid configuration that allows the call: an allowance, and where need be a port, a destination
 * or an application. What it gives is valid on the day `today` (`YYYY-MM-DD`).
 */
export function allowCall(config: EgressConfig, call: WantedCall, today: string): Allowance {
  try {
    return firstValid(config, ways(config, call), today);
  } catch (error) {
    if (error instanceof NoWay) return { ok: false, why: error.message };
    throw error;
  }
}

/** One, or where a new gateway may be impossible, one for each gateway that there is. */
function ways(config: EgressConfig, call: WantedCall): Step[] {
  return destinationFor(config, call).map(({ name, ...destination }) => {
    const allowance = allowanceFor(config, call, name);
    return {
      changes: [...destination.changes, ...allowance.changes],
      says: [...destination.says, ...allowance.says],
    };
  });
}

function firstValid(config: EgressConfig, steps: readonly Step[], today: string): Allowance {
  let why = "the configuration allows the call already";
  for (const step of steps) {
    if (step.changes.length === 0) continue;
    const changed = withChanges(config, step.changes);
    const checked = validate(changed, { today });
    if (checked.ok) return { ok: true, config: changed, ...step };
    why = checked.problems.map(formatProblem)[0] ?? why;
  }
  return { ok: false, why };
}
