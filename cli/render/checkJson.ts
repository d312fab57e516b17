import { type CheckReport, type LocatedFinding, tally } from "../checkReport";

/** The report as `check --format json` prints it; what does not apply is left out. */
export function checkJson(report: CheckReport): string {
  const { findings, problems, objects, rules } = report;
  const value = { findings: findings.map(findingJson), problems, objects, rules: rules.length, ...tally(report) };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function findingJson({ counts, code, level: _, ...rest }: LocatedFinding): object {
  return { code, level: counts, ...rest };
}
