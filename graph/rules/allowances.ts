import { isDay } from "../day";
import { EXPIRY_FIX, type Expiry, expiryOf } from "../expiry";
import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";
import { AUDIT_PREFIX } from "../objects/audit";
import type { Complaint } from "./finding";
import type { RuleContext } from "./rule";

/** The allowances of a Sidecar's annotations whose end is near or past. */
export function endingAllowances(
  context: RuleContext,
  sidecar: MeshObject,
): { expiry: Expiry; complaint: Complaint }[] {
  const { today, options } = context;
  return noted(sidecar).flatMap(({ destination, note, terms }) => {
    if (typeof terms?.expires !== "string" || !isDay(terms.expires)) return [];
    const expiry = expiryOf(terms.expires, today, options.noticeDays);
    if (expiry === undefined) return [];
    const message = `${expiry.message} (${who(destination, terms)})`;
    return [
      { expiry, complaint: { object: sidecar, field: note.path, seen: terms.expires, message, fix: EXPIRY_FIX } },
    ];
  });
}

/** Annotations that nobody can judge: an allowance must not live for ever by a slip. */
export function unreadableAllowances(sidecar: MeshObject): Complaint[] {
  return noted(sidecar)
    .filter(({ terms }) => terms === undefined || (terms.expires !== undefined && !isDay(String(terms.expires))))
    .map(({ destination, note }) => ({
      object: sidecar,
      field: note.path,
      seen: note.text(),
      message: `the terms of the allowance of "${destination}" cannot be read, so nobody knows when it expires`,
      fix: 'Write a JSON object with a day of the calendar, such as {"expires": "2027-01-31"}',
    }));
}

/** What a Sidecar's annotation says about one allowance. */
export interface Noted {
  destination: string;
  note: Value;
  /** Undefined: no JSON object. */
  terms: Record<string, unknown> | undefined;
}

export function noted(sidecar: MeshObject): Noted[] {
  return sidecar.root
    .at("metadata")
    .at("annotations")
    .entries()
    .filter(([key]) => key.startsWith(AUDIT_PREFIX))
    .map(([key, note]) => ({ destination: key.slice(AUDIT_PREFIX.length), note, terms: parsed(note.text()) }));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function who(destination: string, { owner, ticket }: Record<string, unknown>): string {
  const words = [`destination ${destination}`, owner && `owner ${owner}`, ticket];
  return words.filter((word) => typeof word === "string" && word !== "").join(", ");
}
