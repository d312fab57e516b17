import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Mesh } from "../graph/mesh/mesh";
import { answer } from "./answer";
import { BAD_INPUT, CommandError } from "./exit";
import type { Output } from "./output";
import type { Question } from "./question";
import { ReadProblem } from "./read/problem";
import { verdictJson } from "./render/verdictJson";

const SHAPE = z.strictObject({
  workload: z.string(),
  url: z.string(),
  address: z.string().optional(),
  method: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  serviceAccount: z.string().optional(),
});

/** Answers written at once: a write for each of thousands would be most of the time. */
const BATCH = 500;

/** Answers a file of questions, a JSON object a line, each by one line in the same order; a bad line by its `error`. */
export function explainCalls(mesh: Mesh, file: string, output: Output): number {
  let bad = false;
  let answers: string[] = [];
  for (const line of linesOf(file)) {
    const text = answerLine(mesh, line);
    bad ||= "error" in text;
    answers.push(JSON.stringify(text));
    if (answers.length >= BATCH) {
      output.out(`${answers.join("\n")}\n`);
      answers = [];
    }
  }
  if (answers.length > 0) output.out(`${answers.join("\n")}\n`);
  return bad ? BAD_INPUT : 0;
}

function linesOf(file: string): string[] {
  const lines = read(file).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function read(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new ReadProblem(`${file}: cannot be read (${error instanceof Error ? error.message : error}).`);
  }
}

function answerLine(mesh: Mesh, line: string): object {
  try {
    return verdictJson(answer(mesh, questionOf(line)));
  } catch (error) {
    if (error instanceof CommandError) return { error: error.message };
    throw error;
  }
}

function questionOf(line: string): Question {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new CommandError(`no JSON: ${error instanceof Error ? error.message : error}.`, BAD_INPUT);
  }
  const checked = SHAPE.safeParse(value);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join(".") || "line"}: ${message}`);
  throw new CommandError(`no question: ${problems.join("; ")}.`, BAD_INPUT);
}
