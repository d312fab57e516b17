import { createColors } from "picocolors";
import type { ReachDiff } from "../../graph/reach/diff";
import { type DiffPart, diffParts } from "./diffLines";

/** By the terminal alone: by itself the library also colours a pipe, wherever `CI` is set. */
const pc = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

/** The diff for people. */
export function diffText(diff: ReachDiff): string {
  const parts = diffParts(diff);
  if (parts.length === 0) return "Nothing changed: the same applications reach the same hosts by the same ways.\n";
  return parts.map(partText).join("\n");
}

function partText({ title, sign, lines }: DiffPart): string {
  const colour = { "+": pc.red, "!": pc.red, "~": pc.yellow, "?": pc.yellow, "-": pc.green }[sign];
  return `${[
    pc.bold(title),
    ...lines.flatMap(({ who, what, how }) => [
      colour(`  ${sign} ${[who, what].filter((text) => text !== "").join("  ")}`),
      `      ${how}`,
    ]),
  ].join("\n")}\n`;
}
