import Table from "cli-table3";
import { type AuditedCalls, type AuditReport, tallyOf } from "../../graph/traffic/audit";
import { REASONS } from "../../graph/traffic/loggedCall";
import { earlier, later, layerOf } from "../../graph/traffic/overMap";
import type { StackPatch } from "../stackPatch";
import { moment, place } from "./callText";
import { pc } from "./colours";

/** Rows of a table that a person still reads; JSON has all. */
const MOST_ROWS = 100;

/** The report for people. */
export function auditText(report: AuditReport, edit: StackPatch | undefined): string {
  const { calls } = report;
  const of = (is: (call: AuditedCalls) => boolean) => calls.filter(is);
  return [
    headline(report),
    ...table("Arrived", of(isPlain), [["through", throughText]]),
    ...table("Left, and seen at the sidecar alone", of(isBeside), [["how", reasonText]]),
    ...table(pc.red("Arrived, but what was given does not allow it"), of(isUnexplained), [["through", throughText]]),
    ...table(
      pc.red("Denied"),
      of(({ outcome }) => outcome === "denied"),
      [
        ["by", layerOf],
        ["why", reasonText],
      ],
    ),
    ...table(
      pc.yellow("Allowed, but failed"),
      of(({ outcome }) => outcome === "failed"),
      [
        ["at", layerOf],
        ["why", reasonText],
      ],
    ),
    ...unused(report),
    ...expiring(report),
    ...proposal(edit),
    ...counts(report),
  ].join("\n");
}

function isBeside({ outcome, reason }: AuditedCalls): boolean {
  return outcome === "allowed" && (reason === "passthrough" || reason === "forwarded");
}

function isUnexplained(call: AuditedCalls): boolean {
  return call.unexplained === true && !isBeside(call);
}

function isPlain(call: AuditedCalls): boolean {
  return call.outcome === "allowed" && !isBeside(call) && !isUnexplained(call);
}

function headline(report: AuditReport): string {
  const { arrived, denied, failed } = tallyOf(report);
  const time = report.first === undefined ? "" : ` from ${moment(report.first)} to ${moment(report.last)}`;
  if (arrived + denied + failed === 0) return "No call to the outside.\n";
  return `Calls to the outside${time}: ${arrived} arrived, ${denied} denied, ${failed} failed.\n`;
}

type Column = [string, (call: AuditedCalls) => string];

function table(title: string, calls: readonly AuditedCalls[], columns: readonly Column[]): string[] {
  if (calls.length === 0) return [];
  const all = rowsOf(calls, columns);
  const shown = all.length <= MOST_ROWS ? all : most(all);
  const head = ["application", "host", "ports", ...columns.map(([name]) => name), "calls", "first", "last"];
  const text = new Table({ head, style: { head: [], border: [] } });
  for (const { cells, ports, count, first, last } of shown) {
    const [application = "", host = "", ...others] = cells;
    text.push([application, host, ports.join(", "), ...others, count, moment(first), moment(last)]);
  }
  const left = all.length - shown.length;
  return [pc.bold(title), text.toString(), ...(left > 0 ? [`… and ${left} more; --json has them all.`] : []), ""];
}

interface Row {
  /** All but the ports, the calls and the times. */
  cells: string[];
  ports: number[];
  count: number;
  first: string | undefined;
  last: string | undefined;
}

/** A row for what differs in its port alone. */
function rowsOf(calls: readonly AuditedCalls[], columns: readonly Column[]): Row[] {
  const rows = new Map<string, Row>();
  for (const call of calls) {
    const cells = [call.application, call.host, ...columns.map(([, value]) => value(call))];
    const key = cells.join("\n");
    const row = rows.get(key) ?? { cells, ports: [], count: 0, first: call.first, last: call.last };
    if (call.port !== undefined && !row.ports.includes(call.port)) row.ports.push(call.port);
    row.count += call.calls;
    row.first = earlier(row.first, call.first);
    row.last = later(row.last, call.last);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** Those of the most calls, in their order. */
function most(rows: readonly Row[]): Row[] {
  const chosen = new Set([...rows].sort((a, b) => b.count - a.count).slice(0, MOST_ROWS));
  return rows.filter((row) => chosen.has(row));
}

function throughText({ gateway, reason }: AuditedCalls): string {
  return `${gateway ?? "a gateway"}${reason === "silent" ? `, ${REASONS.silent}` : ""}`;
}

function reasonText({ reason }: AuditedCalls): string {
  return REASONS[reason];
}

function unused({ unused: allowances = [] }: AuditReport): string[] {
  if (allowances.length === 0) return [];
  const lines = allowances.map(
    ({ application, host, ports, gateways }) =>
      `  ${application} → ${host} ${ports.join(", ")}${gateways.length > 0 ? ` by ${gateways.join(" then ")}` : ""}`,
  );
  return [pc.bold("Allowed, but not used in this time"), ...lines, ""];
}

function expiring({ expiring: allowances = [] }: AuditReport): string[] {
  if (allowances.length === 0) return [];
  const lines = allowances.map(({ application, destination, expires, message, fix, owner, ticket }) => {
    const who = [owner && `owner ${owner}`, ticket].filter(Boolean).join(", ");
    return `  ${application} → ${destination}: ${expires} ${message}${who ? ` (${who})` : ""}. ${fix}.`;
  });
  return [pc.bold("Allowances that end soon"), ...lines, ""];
}

function proposal(edit: StackPatch | undefined): string[] {
  if (edit === undefined) return [];
  const proposed = edit.suggestions.filter(({ says }) => says.length > 0);
  const others = edit.suggestions.filter(({ why }) => why !== undefined);
  return [
    ...(edit.patch === ""
      ? []
      : [
          pc.bold("What would allow what was denied: review it, nothing was changed"),
          ...proposed.flatMap(({ application, host, port, says }) => [
            `  ${application} → ${place(host, port)}: ${says.join("; ")}`,
          ]),
          "",
          edit.patch,
        ]),
    ...(others.length === 0
      ? []
      : [
          pc.bold("Denied, and not in the patch"),
          ...others.map(({ application, host, port, why }) => `  ${application} → ${place(host, port)}: ${why}`),
          "",
        ]),
  ];
}

function counts({ lines }: AuditReport): string[] {
  const { calls, forwarded, inside, outOfTime, unreadable } = lines;
  const all = calls + forwarded + inside + outOfTime + unreadable;
  const parts = [
    `${calls} count`,
    forwarded > 0 && `${forwarded} are of sidecars that handed the call on, which counts at the gateway`,
    inside > 0 && `${inside} are of calls inside the mesh or a second look at a connection`,
    outOfTime > 0 && `${outOfTime} are of before`,
    unreadable > 0 && `${unreadable} were no JSON access log`,
  ];
  return [`Of ${all} lines ${parts.filter(Boolean).join("; ")}.`, NOT_LOGGED, ""];
}

const NOT_LOGGED =
  "In no log: what NetworkPolicies drop, calls of pods without a sidecar, and connections that are still open.";
