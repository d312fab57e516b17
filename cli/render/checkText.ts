import { formatFinding } from "../../graph/rules/finding";
import { type CheckReport, type LocatedFinding, placeOf, tally } from "../checkReport";
import { pc } from "./colours";

/** A line a finding, in the form that editors and CI systems know from compilers; then a summary. */
export function checkText(report: CheckReport): string {
  return [...report.findings.map(line), summary(report), ""].join("\n");
}

function line(finding: LocatedFinding): string {
  const { code, exempt } = finding;
  const notes = [code, ...(exempt === undefined ? [] : [exempt])].join(", ");
  return `${pc.bold(placeOf(finding))}: ${label(finding)}: ${formatFinding(finding)} ${pc.dim(`[${notes}]`)}`;
}

function label({ counts, exempt }: LocatedFinding): string {
  if (exempt !== undefined) return pc.dim("exempt");
  return counts === "mandatory" ? pc.red("error") : pc.yellow("warning");
}

function summary(report: CheckReport): string {
  const { errors, undecided, warnings, exempt } = tally(report);
  const parts = [
    count(errors, "error") + (undecided > 0 ? ` (${undecided} undecided)` : ""),
    count(warnings, "warning"),
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ...(report.problems.length > 0 ? [`${count(report.problems.length, "file")} not read`] : []),
  ];
  return `${parts.join(", ")}; ${count(report.objects, "object")} judged by ${count(report.rules.length, "rule")}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
