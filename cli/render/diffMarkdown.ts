import type { ReachDiff } from "../../graph/reach/diff";
import { type DiffPart, diffParts } from "./diffLines";

/** A comment of GitHub has 65,536 characters at most; what is beyond is counted. */
const MOST_ROWS = 100;

/** The diff as a comment of a pull request. */
export function diffMarkdown(diff: ReachDiff): string {
  const parts = diffParts(diff);
  if (parts.length === 0)
    return "### Egress\n\nNothing changes: the same applications reach the same hosts by the same ways.\n";
  const counts = parts.map(({ title, lines }) => `${title.toLowerCase()}: ${lines.length}`).join(", ");
  return `### Egress\n\n${counts}\n\n${parts.map(partMarkdown).join("\n")}`;
}

const COLUMNS = { "+": "by", "!": "what that leaves open", "~": "how", "-": "how", "?": "how" } as const;

function partMarkdown({ title, sign, lines }: DiffPart): string {
  const guard = sign === "!";
  const rows = lines.slice(0, MOST_ROWS).map(({ who, what, how }) => `| ${[who, what, how].map(cell).join(" | ")} |`);
  const more = lines.length > MOST_ROWS ? [`\n… and ${lines.length - MOST_ROWS} more.`] : [];
  return `${[
    `#### ${sign === "+" || guard ? "⚠ " : ""}${title}`,
    "",
    `| ${guard ? "namespace" : "who"} | ${guard ? "guard" : "what"} | ${COLUMNS[sign]} |`,
    "|---|---|---|",
    ...rows,
    ...more,
  ].join("\n")}\n`;
}

/** No name may end the cell, or mean anything to Markdown or HTML: it comes from files of others. */
function cell(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\`*_[\]|~#@]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
