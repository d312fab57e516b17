import type { Outcome, Verdict } from "../../graph/explain/types";
import type { OracleAnswer, OracleOutcome } from "./oracle";

type OracleVerdict = NonNullable<OracleAnswer["calls"]>[number];

/** A difference between what Istio computes and what `explain` says; `signature` groups those of one kind. */
export interface Difference {
  signature: string;
  oracle: string;
  explain: string;
}

/** How closely verdicts must agree: their kind; or also gateways, destination and what the application sees. */
export type Depth = "kind" | "full";

/** Nothing where they agree, and where either does not model the case. */
export function compare(oracle: OracleVerdict, verdict: Verdict, depth: Depth): Difference | undefined {
  if (oracle.outcome.kind === "unsupported" || verdict.verdict === "unknown") return undefined;
  if (oracle.ways.some((way) => way.outcome.kind === "unsupported")) return undefined;
  const theirs = distinct(oracle.ways.map((way) => ofOracle(way.outcome, depth)));
  const ours = distinct(verdict.outcomes.map((outcome) => ofExplain(outcome, depth)));
  const worst = ofOracle(oracle.outcome, "kind");
  const said = ofExplain(verdict, "kind");
  const agree = worst === said && theirs.every((way) => ours.includes(way));
  if (agree) return undefined;
  const where = `${oracle.outcome.stage ?? ""} / ${verdict.where ?? ""}`;
  return {
    signature: `${worst} / ${said} at ${where}${worst === said ? " (details)" : ""}`,
    oracle: theirs.join("; "),
    explain: ours.join("; "),
  };
}

/** All ways of a verdict in words, as written in tests/cases/oracle. */
export function tellOracle(oracle: OracleVerdict): string {
  return distinct(
    oracle.ways.map((way) => (way.outcome.kind === "unsupported" ? "unsupported" : ofOracle(way.outcome, "full"))),
  ).join("; ");
}

export function tellExplain(verdict: Verdict): string {
  return distinct(verdict.outcomes.map((outcome) => ofExplain(outcome, "full"))).join("; ");
}

function distinct(list: string[]): string[] {
  return [...new Set(list)].sort();
}

function ofOracle(outcome: OracleOutcome, depth: Depth): string {
  const kind = outcome.kind === "answered" ? "blocked" : outcome.kind;
  if (depth === "kind") return kind;
  switch (kind) {
    case "gateway":
      return `gateway ${(outcome.gateways ?? []).join(" ")} to ${outcome.destination}`;
    case "direct":
      return outcome.passthrough ? "direct passthrough" : "direct";
    case "in-mesh":
      return "in-mesh";
    default:
      return ["blocked", ...(outcome.gateways ?? []), outcome.seen].join(" ");
  }
}

function ofExplain(outcome: Outcome, depth: Depth): string {
  if (depth === "kind") return outcome.verdict;
  switch (outcome.verdict) {
    case "gateway":
      return `gateway ${outcome.gateways.join(" ")} to ${outcome.destination}`;
    case "direct":
      return outcome.how === "passthrough" ? "direct passthrough" : "direct";
    case "in-mesh":
      return "in-mesh";
    default:
      return outcome.verdict === "unknown" ? "unknown" : ["blocked", ...outcome.gateways, seen(outcome.seen)].join(" ");
  }
}

function seen(text: string): string {
  return /closed/.test(text) ? "closed" : (/\d{3}/.exec(text)?.[0] ?? text);
}
