import type { ReportViolation } from "@pulumi/policy";

/** A violation under a rule's name. */
export interface Report {
  name: string;
  /** Undefined: the policy's own level. */
  level?: "mandatory" | "advisory";
  message: string;
  urn?: string;
}

/** The form that the analyzer's server takes beside (message, urn), and that its types leave out (@pulumi/policy 1.21, `server.js`). */
type ReportByObject = (violation: { name: string; message: string; enforcementLevel?: string; urn?: string }) => void;

export function reporter(reportViolation: ReportViolation): (report: Report) => void {
  const report = reportViolation as unknown as ReportByObject;
  return ({ name, level, message, urn }) => report({ name, message, urn, enforcementLevel: level });
}
