import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { CATALOGUE, type RuleCode } from "../../graph/rules/catalogue";
import { formatFinding } from "../../graph/rules/finding";
import { version } from "../../package.json";
import type { CheckReport, LocatedFinding } from "../checkReport";

/** OASIS SARIF 2.1.0, as code scanning and editors read it. */
export function checkSarif(report: CheckReport): string {
  const { findings, rules, problems } = report;
  const run = {
    tool: { driver: { name: "controlled-egress", version, rules: rules.map(ruleSarif) } },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: problems.length === 0,
        toolExecutionNotifications: problems.map((text) => ({ level: "error", message: { text } })),
      },
    ],
    results: findings.map((finding) => resultSarif(finding, rules)),
  };
  const $schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  return `${JSON.stringify({ $schema, version: "2.1.0", runs: [run] }, undefined, 2)}\n`;
}

/** The handbook is in the package and has no address of its own, so its anchor is said as text. */
function ruleSarif(code: RuleCode): object {
  const { level, sentence, remedy } = CATALOGUE[code];
  const page = `docs/rules.md#${code}`;
  return {
    id: code,
    shortDescription: { text: sentence },
    fullDescription: { text: sentence },
    help: { text: `${remedy} See ${page}.`, markdown: `${remedy} See \`${page}\`.` },
    defaultConfiguration: { level: LEVELS[level] },
  };
}

const LEVELS = { mandatory: "error", advisory: "warning" } as const;

function resultSarif(finding: LocatedFinding, rules: readonly RuleCode[]): object {
  const { code, counts, object, field, exempt, undecided } = finding;
  return {
    ruleId: code,
    // A judgement that was not possible at all speaks for a rule that may be disabled: -1 is SARIF's "none".
    ruleIndex: rules.indexOf(code),
    level: LEVELS[counts],
    message: { text: formatFinding(finding) },
    locations: [locationSarif(finding)],
    partialFingerprints: { "controlledEgressObject/v1": [code, object, field].join(" ") },
    ...(exempt !== undefined && { suppressions: [{ kind: "external", justification: exempt }] }),
    ...(undecided && { properties: { undecided } }),
  };
}

function locationSarif({ object, field, source, file, line, column }: LocatedFinding): object {
  const fullyQualifiedName = field === "" ? object : `${object} ${field}`;
  const urn = source?.startsWith("urn:") ? { decoratedName: source } : {};
  return {
    ...(file !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: uriOf(file) },
        ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
      },
    }),
    logicalLocations: [{ name: object, fullyQualifiedName, ...urn }],
  };
}

/** Relative to the folder that the command ran in, as code scanning wants it. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split("/").map(encodeURIComponent).join("/");
}
