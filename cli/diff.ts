import { bypasses, diffReach, type ReachDiff } from "../graph/reach/diff";
import { BAD_QUESTION, CommandError } from "./exit";
import type { DiffFormat } from "./formats";
import { inputOfText } from "./input";
import { filledMeshFrom } from "./mesh";
import type { Output } from "./output";
import { Problems } from "./problems";
import { diffJson } from "./render/diffJson";
import { diffMarkdown } from "./render/diffMarkdown";
import { diffText } from "./render/diffText";

export interface DiffOptions {
  before: string;
  after: string;
  format: DiffFormat;
}

const RENDER: Readonly<Record<DiffFormat, (diff: ReachDiff) => string>> = {
  text: diffText,
  markdown: diffMarkdown,
  json: diffJson,
};

/** `controlled-egress diff`: what a change makes reachable and what it takes away, and the exit code. */
export async function diffCommand({ before, after, format }: DiffOptions, output: Output): Promise<number> {
  if (before === "-" && after === "-")
    throw new CommandError("the two sides cannot both be standard input.", BAD_QUESTION);
  const problems = new Problems(output);
  const meshOfSide = (side: string) => filledMeshFrom(inputOfText(side), problems.reading);
  const diff = diffReach(await meshOfSide(before), await meshOfSide(after));
  output.out(RENDER[format](diff));
  return problems.exitCode(exitCode(diff));
}

/** 2: something more can leave, be it a call or a hostile pod; 3: perhaps. */
function exitCode({ newlyReachable, pathChanged, guardsLost, undecided, unknownInputs }: ReachDiff): number {
  if (newlyReachable.length > 0 || pathChanged.some(bypasses) || guardsLost.length > 0) return 2;
  return undecided.length > 0 || unknownInputs.length > 0 ? 3 : 0;
}
