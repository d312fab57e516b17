import type { Level, RuleCode } from "./catalogue";

/** Settings of a judgement. Everything has a default; the pack's configSchema has the same shape. */
export interface RuleOptions {
  /** Settings by rule. */
  rules?: Partial<Record<RuleCode, RuleSettings>>;
  /** Exemptions from any rule. */
  exemptions?: Exemption[];
  /** What a value that is not known yet does: `fail` (default) counts as a finding of the rule's level, `advise` is only said. */
  unknowns?: "fail" | "advise";
  /** The widest CIDR that `no-unbounded-service-entry` lets pass, as prefix length. Defaults to 24 and 64. */
  widestPrefix?: { ipv4?: number; ipv6?: number };
  /**
   * Whether pods of namespaces that no object names count as callers of what is exported to everybody. Defaults to true:
   * other stacks may have injected namespaces.
   */
  otherNamespaces?: boolean;
  /** Days before an allowance's last one from which on `allowance-expires-soon` speaks. Defaults to 14. */
  noticeDays?: number;
}

export interface RuleSettings {
  /** Defaults to the catalogue's. */
  enforcementLevel?: Level | "disabled";
  /** Exemptions from this rule. */
  exemptions?: Exemption[];
}

/** An object that a rule does not apply to for a while. */
export interface Exemption {
  /** `namespace/name`, or `Kind namespace/name`; a cluster-scoped object is `Kind name`. */
  object: string;
  /** Why, and who says so. */
  reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`; the day ends at 24:00 UTC. */
  expires: string;
}

export const DEFAULT_PREFIX = { ipv4: 24, ipv6: 64 } as const;
