import { checkApplications } from "./checks/applications";
import { checkClusterDns } from "./checks/clusterDns";
import { checkDestinationNames } from "./checks/destinations";
import { checkGuards } from "./checks/guards";
import { checkHosts } from "./checks/hosts";
import { checkIstio } from "./checks/istio";
import { checkNamespaces } from "./checks/namespaces";
import { checkPorts } from "./checks/ports";
import { checkReferences } from "./checks/references";
import { checkSelectors } from "./checks/selectors";
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
  checkApplications,
  checkSelectors,
  checkReferences,
  checkGuards,
  checkClusterDns,
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
