import { isDay } from "../../day";
import { EXPIRY_FIX, expiryOf } from "../../expiry";
import type { AllowanceTerms, EgressConfig } from "../config";
import { suggest } from "../nearest";
import { join, type Problem } from "../problem";

const TEXTS = ["owner", "reason", "ticket"] as const;
const TEXT_LIMIT = 256;

/** Terms of allowances: of destinations that are allowed, with texts that say something and days of the calendar. */
export function checkTerms(config: EgressConfig): Problem[] {
  return allTerms(config).flatMap(({ path, destination, allow, terms }) => [
    ...(allow.includes(destination)
      ? []
      : [
          {
            path,
            value: destination,
            message: "is not in allow",
            fix: suggest(destination, allow, "Add it to allow"),
          },
        ]),
    ...TEXTS.flatMap((key) => textProblems(`${path}.${key}`, terms[key])),
    ...(terms.expires === undefined || isDay(terms.expires)
      ? []
      : [
          {
            path: `${path}.expires`,
            value: terms.expires,
            message: "is no day of the calendar",
            fix: "Write it as YYYY-MM-DD",
          },
        ]),
  ]);
}

/** What has expired on a day, and what soon will have. */
export function checkExpiry(config: EgressConfig, today: string): { expired: Problem[]; soon: Problem[] } {
  const expired: Problem[] = [];
  const soon: Problem[] = [];
  for (const { path, terms } of allTerms(config)) {
    if (terms.expires === undefined || !isDay(terms.expires)) continue;
    const expiry = expiryOf(terms.expires, today);
    if (expiry === undefined) continue;
    const { message } = expiry;
    (expiry.expired ? expired : soon).push({
      path: `${path}.expires`,
      value: terms.expires,
      message,
      fix: EXPIRY_FIX,
    });
  }
  return { expired, soon };
}

interface Placed {
  path: string;
  destination: string;
  /** The application's list. */
  allow: string[];
  terms: AllowanceTerms;
}

function allTerms(config: EgressConfig): Placed[] {
  return config.applications.flatMap(({ allow, terms = {} }, index) =>
    Object.entries(terms).map(([destination, each]) => ({
      path: join("applications", index, "terms", destination),
      destination,
      allow,
      terms: each,
    })),
  );
}

function textProblems(path: string, value: string | undefined): Problem[] {
  if (value === undefined) return [];
  if (value.trim() === "") return [{ path, value, message: "says nothing", fix: "Write it, or remove the key" }];
  if (value.length <= TEXT_LIMIT) return [];
  const message = `is ${value.length} characters long, over the limit of ${TEXT_LIMIT}`;
  return [{ path, value, message, fix: "Shorten it, and name a place where the rest can be read" }];
}
