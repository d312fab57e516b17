import type { Mesh } from "../graph/mesh/mesh";
import { answer } from "./answer";
import { BAD_QUESTION, CommandError, EXIT } from "./exit";
import { type InputOptions, inputOf } from "./input";
import { meshFrom } from "./mesh";
import type { Output } from "./output";
import { Problems } from "./problems";
import type { Question } from "./question";
import { verdictJson } from "./render/verdictJson";
import { verdictText } from "./render/verdictText";

export interface ExplainOptions extends InputOptions {
  workload?: string;
  url?: string;
  json?: boolean;
  calls?: string;
  address?: string;
  method?: string;
  header?: string[];
  serviceAccount?: string;
}

/** `controlled-egress explain`: answers one question, or with `calls` a file of them, and gives the exit code. */
export async function explainCommand(options: ExplainOptions, output: Output): Promise<number> {
  const { workload, url, from, calls } = options;
  if (calls === undefined && (workload === undefined || url === undefined))
    throw new CommandError("explain needs a workload and a URL, or --calls FILE.", BAD_QUESTION);
  if (calls !== undefined && workload !== undefined)
    throw new CommandError("explain takes either a workload and a URL, or --calls FILE.", BAD_QUESTION);
  if (calls === "-" && from === "-")
    throw new CommandError("--from and --calls cannot both be standard input.", BAD_QUESTION);
  const problems = new Problems(output);
  const mesh = await meshFrom(inputOf("explain", options), problems.reading);
  if (calls !== undefined) {
    // Loaded for batches alone: the check of their lines would be a good part of the start of every single question.
    const { explainCalls } = require("./explainCalls") as typeof import("./explainCalls");
    return problems.exitCode(explainCalls(mesh, calls, output));
  }
  return problems.exitCode(explainOne(mesh, questionOf(options), options.json === true, output));
}

function explainOne(mesh: Mesh, question: Question, json: boolean, output: Output): number {
  const found = answer(mesh, question);
  output.out(json ? `${JSON.stringify(verdictJson(found), undefined, 2)}\n` : verdictText(question, found));
  return EXIT[found.verdict.verdict];
}

function questionOf({ workload = "", url = "", address, method, header, serviceAccount }: ExplainOptions): Question {
  const headers = header?.map((each): [string, string] => {
    const colon = each.indexOf(":");
    if (colon < 1) throw new CommandError(`header "${each}" is not "name: value".`, BAD_QUESTION);
    return [each.slice(0, colon).trim(), each.slice(colon + 1).trim()];
  });
  return { workload, url, address, method, serviceAccount, headers: headers && Object.fromEntries(headers) };
}
