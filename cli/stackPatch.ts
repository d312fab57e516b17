import { readFileSync } from "node:fs";
import type { AuditedCalls } from "../graph/traffic/audit";
import { type Suggestion, suggestionsFor } from "../graph/traffic/suggest";
import { editStack } from "./editStack";
import { egressConfigOf } from "./read/stackConfig";

/** What would allow what was denied: nobody but a person decides whether it should. */
export interface StackPatch {
  suggestions: Suggestion[];
  /** A unified patch of the stack's file; empty where there is nothing to propose. */
  patch: string;
}

/** Throws `ReadProblem`. */
export function stackPatch(file: string, calls: readonly AuditedCalls[], today: string): StackPatch {
  const text = readFileSync(file, "utf8");
  const { suggestions, changes } = suggestionsFor(egressConfigOf(text, file), calls, today);
  if (changes.length === 0) return { suggestions, patch: "" };
  const edit = editStack(file.replace(/^\.?\//, ""), text, changes);
  if (edit !== undefined) return { suggestions, patch: edit.patch };
  const why = `${file} cannot be edited by itself there (an alias?): by hand`;
  return { suggestions: suggestions.map((each) => ({ why, ...each, says: [] })), patch: "" };
}
