import type { ReachDiff } from "../../graph/reach/diff";
import { pc } from "./colours";
import { type DiffPart, diffParts } from "./diffLines";

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
