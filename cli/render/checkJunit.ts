import { CATALOGUE, type RuleCode } from "../../graph/rules/catalogue";
import { formatFinding } from "../../graph/rules/finding";
import { type CheckReport, type LocatedFinding, placeOf, tally } from "../checkReport";
import { element, type XmlElement, xmlText } from "./xml";

/**
 * JUnit's XML: a test case for each finding (failed where it is mandatory, skipped where it is exempt, else passed with
 * the advice as its output) and one that passed for each rule without findings; an error for each file not read.
 */
export function checkJunit(report: CheckReport): string {
  const found = new Set(report.findings.map(({ code }) => code));
  const cases = [
    ...report.problems.map(problemCase),
    ...report.findings.map(findingCase),
    ...report.rules.filter((code) => !found.has(code)).map(passedCase),
  ];
  const { errors, exempt } = tally(report);
  const counts = { tests: cases.length, failures: errors, errors: report.problems.length, skipped: exempt };
  const name = "controlled-egress check";
  return xmlText(element("testsuites", { name, ...counts }, element("testsuite", { name, ...counts }, ...cases)));
}

function problemCase(problem: string): XmlElement {
  return element("testcase", { classname: "input", name: problem }, element("error", { message: problem }));
}

function passedCase(code: RuleCode): XmlElement {
  return element("testcase", { classname: code, name: CATALOGUE[code].sentence });
}

function findingCase(finding: LocatedFinding): XmlElement {
  const { code, object, field, file, line } = finding;
  const name = field === "" ? object : `${object} ${field}`;
  return element("testcase", { classname: code, name, file, line }, outcome(finding));
}

function outcome(finding: LocatedFinding): XmlElement {
  const { code, counts, exempt, message } = finding;
  const text = `${placeOf(finding)}: ${formatFinding(finding)}`;
  if (exempt !== undefined) return element("skipped", { message: exempt });
  if (counts === "mandatory") return element("failure", { type: code, message }, text);
  return element("system-out", {}, text);
}
