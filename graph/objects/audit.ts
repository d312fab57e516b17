import { auditOf } from "../intent/audit";
import type { ApplicationIntent } from "../intent/intent";

/** Annotations of an application's Sidecar, one a destination: with the destination's name, at most 52 of 63 characters. */
export const AUDIT_PREFIX = "controlled-egress/terms.";

/** Owner, reason, ticket and last day of the application's allowances, as JSON by destination. */
export function auditAnnotations(application: ApplicationIntent): Record<string, string> {
  const entries = application.allow.map((name) => [name, auditOf(application, name)] as const);
  return Object.fromEntries(
    entries
      .filter(([, audit]) => Object.keys(audit).length > 0)
      .map(([name, audit]) => [`${AUDIT_PREFIX}${name}`, JSON.stringify(audit)]),
  );
}
