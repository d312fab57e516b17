import { dayOf } from "../graph/day";
import { RULE_CODES } from "../graph/rules/catalogue";
import type { Finding } from "../graph/rules/finding";
import { levelOf } from "../graph/rules/levelOf";
import { type CheckReport, type LocatedFinding, tally } from "./checkReport";
import { BAD_INPUT, EXIT } from "./exit";
import { type Input, type InputOptions, inputOf, nameOf, objectsOf } from "./input";
import { judgeBeside } from "./judgeBeside";
import { Locator } from "./locate";
import type { Output } from "./output";
import { readManifests } from "./read/files";
import { ReadProblem } from "./read/problem";
import type { LevelledConfig } from "./read/rulesConfig";

export type CheckFormat = "text" | "json" | "sarif" | "junit";

export interface CheckOptions extends InputOptions {
  format?: CheckFormat;
  json?: boolean;
  config?: string;
}

/** `controlled-egress check`: judges objects by the rules of the policy pack, and gives the exit code. */
export async function checkCommand(options: CheckOptions, output: Output): Promise<number> {
  const report = await check(inputOf("check", options), configOf(options));
  for (const problem of report.problems) output.err(`error: ${problem}\n`);
  output.out(rendered(report, options.json ? "json" : (options.format ?? "text")));
  return exitCode(report);
}

/** Loaded with a configuration alone: its check takes a library that no other check needs. */
function configOf({ config }: CheckOptions): LevelledConfig {
  if (config === undefined) return { config: {}, level: "mandatory" };
  const { readRulesConfig } = require("./read/rulesConfig") as typeof import("./read/rulesConfig");
  return readRulesConfig(config);
}

async function check(input: Input, { config, level }: LevelledConfig): Promise<CheckReport> {
  const problems: string[] = [];
  const texts = new Map<string, string>();
  const own = await objectsOf(input, {
    onProblem: ({ message }) => problems.push(message),
    onText: (file, text) => texts.set(file, text),
  });
  // A slip in a path must not look like a clean result.
  if (own.length === 0 && problems.length === 0)
    throw new ReadProblem(`${nameOf(input)}: holds no Kubernetes objects.`);
  const others = (config.manifests ?? []).flatMap((each) => readManifests(each));
  const rules = RULE_CODES.filter((code) => config.rules?.[code]?.enforcementLevel !== "disabled");
  if (level === "disabled") return { findings: [], rules: [], objects: own.length, problems };
  const [only, another] = texts.keys();
  const locator = new Locator(texts, another === undefined ? only : undefined);
  const locate = (finding: Finding): LocatedFinding => ({
    ...finding,
    counts: levelOf(finding, config) ?? level,
    ...locator.locate(finding),
  });
  const findings = judgeBeside(own, others, config, dayOf(new Date())).map(locate).sort(byPlace);
  return { findings, rules, objects: own.length, problems };
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  const [one = "", other = ""] = [a.file ?? a.source, b.file ?? b.source];
  if (one !== other) return one < other ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** Each format loads what it needs by itself. */
function rendered(report: CheckReport, format: CheckFormat): string {
  switch (format) {
    case "json":
      return (require("./render/checkJson") as typeof import("./render/checkJson")).checkJson(report);
    case "sarif":
      return (require("./render/checkSarif") as typeof import("./render/checkSarif")).checkSarif(report);
    case "junit":
      return (require("./render/checkJunit") as typeof import("./render/checkJunit")).checkJunit(report);
    case "text":
      return (require("./render/checkText") as typeof import("./render/checkText")).checkText(report);
  }
}

function exitCode(report: CheckReport): number {
  const { errors, undecided } = tally(report);
  if (report.problems.length > 0) return BAD_INPUT;
  if (errors === 0) return 0;
  return errors === undecided ? EXIT.unknown : EXIT.blocked;
}
