import type { MeshObject } from "../mesh/object";
import type { Undecided } from "../mesh/unknown";
import type { Level, RuleCode } from "./catalogue";

/** What a rule has to say about one object, as data: rendered only at the edge. */
export interface Finding {
  code: RuleCode;
  level: Level;
  /** `Kind namespace/name`. */
  object: string;
  /** Path of the field, e.g. `spec.hosts[0]`; empty where the object as a whole is meant. */
  field: string;
  /** The value found there, or what stands in its place. */
  seen: string;
  /** What is wrong, in one sentence. */
  message: string;
  /** What to do about it, in the imperative. */
  fix: string;
  /** Where the object came from: `file:line`, a URN, or `live`. */
  source?: string;
  /** The rule could not be decided: a value is not known yet, or a feature is not modelled. */
  undecided?: true;
  /** Why the finding does not count. */
  exempt?: string;
}

/** A finding before level, code and exemptions are laid over it. */
export interface Complaint {
  object: MeshObject;
  field: string;
  seen: string;
  message: string;
  fix: string;
  undecided?: true;
}

/** The complaint about a value that is not known before the update. */
export function undecided(object: MeshObject, why: Undecided): Complaint {
  return {
    object,
    field: why.field,
    seen: "not known yet",
    message: `${why.object}: ${why.field} is not known before the update, so the rule cannot be decided`,
    fix: "Use a value that is known at preview, or set the option unknowns to advise",
    undecided: true,
  };
}

/** One line for a person: object, field, value, fault and fix. */
export function formatFinding({ object, field, seen, message, fix }: Finding): string {
  const place = field === "" ? object : `${object} ${field}`;
  return `${place}${seen === "" ? "" : ` (${seen})`}: ${message}. ${fix}.`;
}
