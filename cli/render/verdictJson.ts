import type { Outcome, Verdict } from "../../graph/explain/types";

/** The answer as `explain --json` prints it; what does not apply is left out. */
export function verdictJson(verdict: Verdict): object {
  const { outcomes, ...worst } = verdict;
  const others = outcomes.slice(1);
  return { ...outcomeJson(worst), ...(others.length > 0 && { others: others.map(outcomeJson) }) };
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
