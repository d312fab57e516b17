import { tell } from "./compare";
import { attempted } from "./observe";
import type { CaseResult, Result } from "./runCase";
import type { World } from "./world";

/**
 * Calls that brought no answer, as foretold, but which a proxy had sent outside all the same: the far end may have refused what the
 * verdict said Istio would. Asked at the end, when all logs are written.
 */
export function overlooked(world: World, results: readonly CaseResult[]): string[] {
  return results.flatMap(({ title, results: list }) =>
    list.filter(blockedOnly).flatMap(({ call, made }) =>
      made.flatMap((one) => {
        const found = attempted(world, world.logs, one);
        return found && found.kind !== "in-mesh" ? [`${title}: ${JSON.stringify(call)}: ${tell(found)}`] : [];
      }),
    ),
  );
}

/** What gets as far as a gateway may make it dial before it refuses, or hand the far end what it cannot read. */
function blockedOnly({ verdict, seen }: Result): boolean {
  const blocked = verdict.outcomes.every((outcome) => outcome.verdict === "blocked" && outcome.gateways.length === 0);
  return blocked && seen.flat().every(({ kind }) => kind === "blocked");
}
