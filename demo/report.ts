import Table from "cli-table3";
import pc from "picocolors";
import { leaked, type Walked } from "./walk";

/** The walk as a table: each call, what was expected and seen, and the gateway's own words. */
export function walkTable(walked: readonly Walked[]): string {
  const table = new Table({
    head: ["from", "call", "expected", "seen", "", "the gateway's own log"],
    style: { head: [], border: [] },
  });
  for (const step of walked) {
    table.push([step.application, step.url, step.expected, step.seen, mark(step), logOf(step)]);
  }
  return table.toString();
}

function mark(step: Walked): string {
  if (leaked(step)) return pc.red("LEAKED");
  return step.ok ? pc.green("ok") : pc.red("differs");
}

function logOf({ flow, log }: Walked): string {
  if (flow === undefined) return "";
  return log === undefined
    ? `no line in ${flow.gateway}`
    : `${flow.gateway}: ${log.upstream_cluster} for ${log.principal?.replace(/^spiffe:\/\/[^/]+\//, "")}`;
}
