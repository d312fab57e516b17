import type { AllowanceTerms } from "./config";
import type { ApplicationIntent } from "./intent";

/** Why an allowance exists and how long: it decides nothing in the mesh. */
export type Audit = Pick<AllowanceTerms, "owner" | "reason" | "ticket" | "expires">;

const KEYS = ["owner", "reason", "ticket", "expires"] as const;

/** What is said of an application's allowance of a destination, without what is not said. */
export function auditOf({ terms }: Pick<ApplicationIntent, "terms">, destination: string): Audit {
  const said = Object.hasOwn(terms, destination) ? terms[destination] : undefined;
  return Object.fromEntries(KEYS.flatMap((key) => (said?.[key] === undefined ? [] : [[key, said[key]]])));
}
