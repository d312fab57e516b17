import { checkAddresses } from "./checks/addresses";
import { checkApplications } from "./checks/applications";
import { checkCidrs } from "./checks/cidrs";
import { checkDestinationNames } from "./checks/destinations";
import { checkGatewaySizes } from "./checks/gatewaySizes";
import { checkGateways } from "./checks/gateways";
import { checkHosts } from "./checks/hosts";
import { checkInnerSni } from "./checks/innerSni";
import { checkIstio } from "./checks/istio";
import { checkLimits } from "./checks/limits";
import { checkNamespaces } from "./checks/namespaces";
import { checkOrigination } from "./checks/origination";
import { checkPorts } from "./checks/ports";
import { checkReferences } from "./checks/references";
import { checkSelectors } from "./checks/selectors";
import { checkExpiry, checkTerms } from "./checks/terms";
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
  checkTerms,
  checkGateways,
];

/** An intent with what will soon be wrong, or all that is wrong. */
export type Validated = { ok: true; intent: Intent; warnings: Problem[] } | { ok: false; problems: Problem[] };

export interface Moment {
  /** The day on which allowances must still hold, `YYYY-MM-DD`, in UTC. */
  today: string;
}

/** The intent of a configuration, or all that is wrong with it at once, each with path, value and fix. */
export function validate(raw: unknown, { today }: Moment): Validated {
  const config = readable(raw);
  const structure = structureProblems(raw);
  const faulty = new Set(structure.map(({ path }) => path));
  const { expired, soon } = checkExpiry(config, today);
  const found = [...CHECKS.flatMap((check) => check(config)), ...expired];
  const problems = [...structure, ...found.filter(({ path }) => !faulty.has(path))];
  return problems.length === 0
    ? { ok: true, intent: withDefaults(raw as EgressConfig), warnings: soon }
    : { ok: false, problems };
}
