import type { EgressConfig } from "../config";
import { labelFault } from "../names";
import { join, type Problem } from "../problem";

/** Helm allows 53 characters for a release name; `egress-` takes 7 of them. */
const NAME_LIMIT = 46;

/** Names of destinations and of their gateways. */
export function checkDestinationNames(config: EgressConfig): Problem[] {
  return Object.entries(config.destinations).flatMap(([name, destination]) => [
    ...nameProblems(join("destinations", name), name),
    ...(destination.gateway === undefined
      ? []
      : nameProblems(join("destinations", name, "gateway"), destination.gateway)),
  ]);
}

function nameProblems(path: string, name: string): Problem[] {
  const fault = labelFault(name, NAME_LIMIT);
  return fault === undefined
    ? []
    : [
        {
          path,
          value: name,
          message: fault,
          fix: `Use at most ${NAME_LIMIT} lower-case letters, digits and inner hyphens; "egress-NAME" becomes a Helm release`,
        },
      ];
}
