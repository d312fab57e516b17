import type { Outcome } from "../../graph/explain/types";
import type { Answer } from "../answer";

/** The answer as `explain --json` prints it; what does not apply is left out. */
export function verdictJson({ verdict, holes, strays }: Answer): object {
  const { outcomes, ...worst } = verdict;
  const others = outcomes.slice(1);
  return {
    ...outcomeJson(worst),
    ...(others.length > 0 && { others: others.map(outcomeJson) }),
    ...(holes.length > 0 && { holes }),
    ...(strays.length > 0 && { strays }),
  };
}

function outcomeJson({
  verdict,
  gateway,
  gateways,
  destination,
  address,
  tls,
  seen,
  reason,
  how,
  where,
  mirror,
  missing,
  limits,
  path,
}: Outcome): object {
  return {
    verdict,
    gateway,
    gateways,
    destination,
    address,
    tls,
    seen,
    reason,
    how,
    where,
    mirror,
    missing,
    limits,
    path,
  };
}
