import { checkAddresses } from "./checks/addresses";
import { checkApplications } from "./checks/applications";
import { checkCidrs } from "./checks/cidrs";
import { checkDestinationNames } from "./checks/destinations";
import { checkGatewaySizes } from "./checks/gatewaySizes";
import { checkHosts } from "./checks/hosts";
import { checkInnerSni } from "./checks/innerSni";
import { checkIstio } from "./checks/istio";
import { checkLimits } from "./checks/limits";
import { checkNamespaces } from "./checks/namespaces";
import { checkOrigination } from "./checks/origination";
import { checkPorts } from "./checks/ports";
import { checkReferences } from "./checks/references";
import { checkSelectors } from "./checks/selectors";
import { checkWildcards } from "./checks/wildcards";
import type { EgressConfig } from "./config";
import { withDefaults } from "./defaults";
import type { Intent } from "./intent";
import type { Problem } from "./problem";
import { readable, structureProblems } from "./structure";

const CHECKS: readonly ((config: EgressConfig) => Problem[])[] = [
  checkIstio,
  checkNamespaces,
  checkDestinationNames,
  checkHosts,
  checkPorts,
  checkWildcards,
  checkInnerSni,
  checkAddresses,
  checkCidrs,
  checkOrigination,
  checkApplications,
  checkSelectors,
  checkReferences,
  checkLimits,
  checkGatewaySizes,
];

export type Validated = { ok: true; intent: Intent } | { ok: false; problems: Problem[] };

/** The intent of a configuration, or all that is wrong with it at once, each with path, value and fix. */
export function validate(raw: unknown): Validated {
  const config = readable(raw);
  const structure = structureProblems(raw);
  const faulty = new Set(structure.map(({ path }) => path));
  const problems = [...structure, ...CHECKS.flatMap((check) => check(config)).filter(({ path }) => !faulty.has(path))];
  return problems.length === 0 ? { ok: true, intent: withDefaults(raw as EgressConfig) } : { ok: false, problems };
}
