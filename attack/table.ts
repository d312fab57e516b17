import Table from "cli-table3";
import pc from "picocolors";
import type { Attacked } from "./attack";

/** The attempts as a table for people: what stopped each, and by which sign. */
export function attackTable(attacked: readonly Attacked[]): string {
  const table = new Table({
    head: ["attempt", "result", "stopped by", "seen", "twin"],
    style: { head: [], border: [] },
    colWidths: [60, 10, 19, 60, 8],
    wordWrap: true,
  });
  for (const one of attacked)
    table.push([
      one.attempt.title,
      one.through ? pc.red("THROUGH") : pc.green("stopped"),
      one.through ? (one.attempt.stated ?? "") : one.attempt.stoppedBy,
      one.through ? "" : brief(one.evidence),
      one.twinWorked ? "works" : pc.red("dead"),
    ]);
  return table.toString();
}

/** The telling fields of a line of log; other evidence as it is, cut short. */
function brief(evidence: string | undefined): string {
  if (evidence === undefined) return "";
  if (!evidence.startsWith("{")) return evidence.replace(/\s+/g, " ").slice(-120);
  const { response_code, response_flags, response_code_details, connection_termination_details, upstream_cluster } =
    JSON.parse(evidence) as Record<string, string | number | null>;
  return [response_code, response_flags, response_code_details, connection_termination_details, upstream_cluster]
    .filter((part) => part !== null && part !== undefined && part !== 0 && part !== "-")
    .join(" ");
}

/** One line: how many attempts got through here and there. */
export function comparison(ours: readonly Attacked[], original: readonly Attacked[]): string {
  const count = (attacked: readonly Attacked[]) =>
    `${attacked.filter(({ through }) => through).length} of ${attacked.length}`;
  const stated = ours.filter(({ through, attempt }) => through && attempt.stated !== undefined).length;
  return `got through: ${count(ours)} with controlled egress (${stated} of them stated limits), ${count(original)} with the original layout`;
}
