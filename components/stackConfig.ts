import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CORE_SCHEMA, load } from "js-yaml";
import { dayOf, type EgressConfig, formatProblem, type Problem, validate } from "../graph";
import { suggest } from "../graph/intent/nearest";
import { configSchema } from "../graph/intent/schema";
import { mergeValues } from "../graph/objects/merge";

/**
 * Names a YAML file of settings that belong to this machine and not to the stack (a chart mirror, a lab's images). It
 * has the stack's own keys, without the project's name, and is laid over them.
 */
export const OVERLAY_VARIABLE = "CONTROLLED_EGRESS_OVERLAY";

/** The keys of the stack that concern the demo and not the component. */
export interface DemoConfig {
  /** Deploy the demo's two workloads. */
  demo: boolean;
  /** Their container image, with curl in it. */
  demoImage: string;
}

const DEMO_KEYS = ["demo", "demoImage"];
const TEXT_KEYS = ["gatewayNamespace", "routesNamespace", "demoImage"];
const DEFAULT_IMAGE = "curlimages/curl:8.17.0";

export interface StackConfig {
  egress: EgressConfig;
  demo: DemoConfig;
}

/**
 * The stack's configuration, checked. Throws one `pulumi.RunError` that lists every problem with its config key, value
 * and fix; nothing is registered then.
 */
export function readStackConfig(project: string, overlayFile = process.env[OVERLAY_VARIABLE]): StackConfig {
  const stack = parseConfig(project, pulumi.runtime.allConfig());
  const { demo, demoImage, ...egress } = overlayFile ? mergeValues(stack, readOverlay(overlayFile)) : stack;
  const checked = validate({ destinations: {}, applications: [], ...egress }, { today: dayOf(new Date()) });
  const problems = [...demoProblems(demo, demoImage), ...(checked.ok ? [] : checked.problems.map(withDemoKeys))];
  if (problems.length > 0) throw new pulumi.RunError(report(project, problems));
  return {
    egress: { destinations: {}, applications: [], ...egress } as EgressConfig,
    demo: { demo: demo === true, demoImage: typeof demoImage === "string" ? demoImage : DEFAULT_IMAGE },
  };
}

/** Values of a stack are text: objects, lists and booleans are JSON in it. */
function parseConfig(project: string, config: Record<string, string>): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), parseValue(key.slice(prefix.length), text)]),
  );
}

function parseValue(key: string, text: string): unknown {
  if (TEXT_KEYS.includes(key)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readOverlay(file: string): Record<string, unknown> {
  try {
    return (load(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new pulumi.RunError(
      `${OVERLAY_VARIABLE} = "${file}": cannot be read (${error instanceof Error ? error.message : error}). Unset it, or name a YAML file with keys of the stack's configuration.`,
    );
  }
}

function demoProblems(demo: unknown, demoImage: unknown): Problem[] {
  const problems: Problem[] = [];
  if (demo !== undefined && typeof demo !== "boolean")
    problems.push({ path: "demo", value: demo, message: "is no boolean", fix: "Write true or false" });
  if (demoImage !== undefined && (typeof demoImage !== "string" || demoImage === ""))
    problems.push({
      path: "demoImage",
      value: demoImage,
      message: "is no image",
      fix: "Write a container image with curl in it",
    });
  return problems;
}

/** A misspelt top-level key may have been meant for the demo. */
function withDemoKeys(problem: Problem): Problem {
  if (!problem.message.startsWith("this key")) return problem;
  const known = [...Object.keys(configSchema.shape), ...DEMO_KEYS];
  return /[.[]/.test(problem.path) ? problem : { ...problem, fix: suggest(problem.path, known, "Remove it") };
}

function report(project: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return `the stack's configuration has ${count}; nothing was changed:\n${problems
    .map((problem) => `  - ${project}:${formatProblem(problem)}`)
    .join("\n")}`;
}
