import type { Level, RuleCode } from "../graph/rules/catalogue";
import type { Finding } from "../graph/rules/finding";

/** A finding with its place in a file, as far as its source says one. */
export interface LocatedFinding extends Finding {
  /** What it counts as: the level of the rule, the configuration and its exemption together. */
  counts: Level;
  file?: string;
  line?: number;
  column?: number;
}

/** What `check` has to say, for every format. */
export interface CheckReport {
  findings: LocatedFinding[];
  /** The rules that were asked. */
  rules: readonly RuleCode[];
  /** How many objects were judged. */
  objects: number;
  /** Files that could not be read; the findings do not know their objects. */
  problems: string[];
}

/** `file:line:column`, or what is known of it. */
export function placeOf({ file, line, column, source }: LocatedFinding): string {
  if (file === undefined) return source ?? "unknown place";
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** Mandatory findings, advice, and what an exemption lets pass. */
export function tally({ findings }: CheckReport) {
  const held = findings.filter(({ exempt }) => exempt === undefined);
  const errors = held.filter(({ counts }) => counts === "mandatory");
  return {
    errors: errors.length,
    undecided: errors.filter(({ undecided }) => undecided).length,
    warnings: held.length - errors.length,
    exempt: findings.length - held.length,
  };
}
