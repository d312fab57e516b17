import type { MeshObject } from "../mesh/object";
import { once } from "../mesh/once";
import { Undecided } from "../mesh/unknown";
import type { Value } from "../mesh/value";
import type { Facts } from "./policyRules";

interface Rule {
  index: number;
  value: Value;
}

/** Rules of one policy by the exact principals that they name, as a shared gateway has rules for every application. */
interface PolicyIndex {
  byPrincipal: Map<string, Rule[]>;
  /** Rules that may match any caller. */
  general: Rule[];
}

/**
 * Index of the first rule that passes the test; undefined: none does. A rule with a value not known yet is an error only if no other
 * rule decides.
 */
export function findRule(
  policy: MeshObject,
  facts: Facts,
  test: (rule: Value, facts: Facts) => boolean,
): number | undefined {
  let undecided: Undecided | undefined;
  for (const rule of candidates(policy, facts)) {
    try {
      if (test(rule.value, facts)) return rule.index;
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      undecided ??= error;
    }
  }
  if (undecided) throw undecided;
  return undefined;
}

function candidates(policy: MeshObject, facts: Facts): Rule[] {
  const index = indexOf(policy);
  if (facts.identity === undefined || index.byPrincipal.size === 0) return index.general;
  const rest = facts.identity.slice(facts.identity.indexOf("/"));
  const names = new Set([facts.identity, ...facts.trustDomains.map((domain) => `${domain}${rest}`)]);
  const named = new Set([...names].flatMap((name) => index.byPrincipal.get(name) ?? []));
  return [...named, ...index.general].sort((a, b) => a.index - b.index);
}

const indexOf = once((policy: MeshObject): PolicyIndex => {
  const found: PolicyIndex = { byPrincipal: new Map(), general: [] };
  policy.spec
    .at("rules")
    .list()
    .forEach((value, index) => {
      const rule = { index, value };
      const names = exactPrincipals(value);
      if (!names) found.general.push(rule);
      for (const name of names ?? []) {
        const rules = found.byPrincipal.get(name);
        if (rules) rules.push(rule);
        else found.byPrincipal.set(name, [rule]);
      }
    });
  return found;
});

/** Principals of which every caller of the rule must have one; undefined: others may match too. */
function exactPrincipals(rule: Value): string[] | undefined {
  try {
    const entries = rule
      .at("from")
      .list()
      .map((entry) => entry.at("source").at("principals").texts());
    const exact =
      entries.length > 0 && entries.every((names) => names.length > 0 && names.every((name) => !name.includes("*")));
    return exact ? entries.flat() : undefined;
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}
