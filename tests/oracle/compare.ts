import type { Outcome, Verdict } from "../../graph/explain/types";
import type { Manifest } from "../../graph/manifest";
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

/**
 * Two ServiceEntries of one host, namespace and age: Istio's own order is undefined (`model/push_context.go: SortServicesByCreationTime`),
 * so it may answer one way today and another tomorrow, while `explain` weighs both.
 */
export function hasTies(manifests: Manifest[]): boolean {
  const seen = new Set<string>();
  for (const { kind, metadata, spec } of manifests) {
    // The Service of a managed Gateway is as old as istiod made it, which no manifest says.
    if (kind === "Gateway" && (spec as { gatewayClassName?: string }).gatewayClassName) return true;
    if (kind !== "ServiceEntry") continue;
    for (const host of new Set((spec as { hosts?: string[] }).hosts ?? [])) {
      const key = `${metadata.namespace}/${host}/${metadata.creationTimestamp}`;
      if (seen.has(key)) return true;
      seen.add(key);
    }
  }
  return false;
}

/** Nothing where they agree, and where either does not model the case. */
export function compare(oracle: OracleVerdict, verdict: Verdict, depth: Depth, tied: boolean): Difference | undefined {
  const refusal = refusalDiffers(oracle, verdict);
  if (refusal) return refusal;
  if (oracle.outcome.kind === "unsupported" || verdict.verdict === "unknown") return undefined;
  if (oracle.ways.some((way) => way.outcome.kind === "unsupported")) return undefined;
  if (verdict.outcomes.some((outcome) => outcome.verdict === "unknown")) return undefined;
  const theirs = distinct(oracle.ways.map((way) => ofOracle(way.outcome, depth)));
  const ours = distinct(verdict.outcomes.map((outcome) => ofExplain(outcome, depth)));
  const worst = worstKind(oracle);
  const said = ofExplain(verdict, "kind");
  const covered = theirs.every((way) => ours.includes(way));
  const agree = covered && (tied || (worst === said && ours.every((way) => theirs.includes(way))));
  if (agree) return undefined;
  const where = `${oracle.outcome.stage ?? ""} / ${verdict.where ?? ""}`;
  return {
    signature: `${worst} / ${said} at ${where}${worst === said ? " (details)" : ""}`,
    oracle: theirs.join("; "),
    explain: ours.join("; "),
  };
}

const BADNESS = ["gateway", "in-mesh", "blocked", "direct"];

/** What a mirror's copy meets is nothing to the application, unless it leaks. */
function worstKind({ ways }: OracleVerdict): string {
  const kinds = ways
    .map((way) => ({ kind: ofOracle(way.outcome, "kind"), mirror: way.mirror }))
    .filter(({ kind, mirror }) => !mirror || kind === "direct")
    .map(({ kind }) => BADNESS.indexOf(kind));
  return BADNESS[Math.max(...kinds)] ?? "unknown";
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

/** A listener that Envoy refuses must be `unknown` (how: invalid), and nothing else may be called so. */
function refusalDiffers(oracle: OracleVerdict, verdict: Verdict): Difference | undefined {
  const refused = oracle.ways.find((way) => way.outcome.stage === "refused");
  const said = verdict.outcomes.find((outcome) => outcome.how === "invalid");
  const supported = oracle.ways.every((way) => way.outcome.kind !== "unsupported");
  if (said && supported)
    return {
      signature: `${oracle.outcome.kind} / refused at ${said.where}`,
      oracle: tellOracle(oracle),
      explain: said.reason,
    };
  // A refused listener leaves the connection refused, or to the outbound policy: calling that blocked or direct is no harm.
  const harmless = ["unknown", "blocked", "direct"];
  if (refused && !verdict.outcomes.some((outcome) => harmless.includes(outcome.verdict)))
    return {
      signature: `refused / ${verdict.verdict}`,
      oracle: refused.outcome.reason ?? "",
      explain: tellExplain(verdict),
    };
  return undefined;
}

function distinct(list: string[]): string[] {
  return [...new Set(list)].sort();
}

function ofOracle(outcome: OracleOutcome, depth: Depth): string {
  const kind = outcome.kind === "answered" ? "blocked" : outcome.kind;
  if (depth === "kind") return kind;
  switch (kind) {
    case "gateway":
      return `gateway ${chain(outcome.gateways)} to ${outcome.destination}`;
    case "direct":
      return outcome.passthrough ? "direct passthrough" : "direct";
    case "in-mesh":
      return "in-mesh";
    default:
      return ["blocked", chain(outcome.gateways), outcome.seen].filter(Boolean).join(" ");
  }
}

function ofExplain(outcome: Outcome, depth: Depth): string {
  if (depth === "kind") return outcome.verdict;
  switch (outcome.verdict) {
    case "gateway":
      return `gateway ${chain(outcome.gateways)} to ${outcome.destination}`;
    case "direct":
      return outcome.how === "passthrough" ? "direct passthrough" : "direct";
    case "in-mesh":
      return "in-mesh";
    default:
      return outcome.verdict === "unknown"
        ? "unknown"
        : ["blocked", chain(outcome.gateways), seen(outcome.seen)].filter(Boolean).join(" ");
  }
}

/** A gateway that sends to itself counts once. */
function chain(gateways: string[] = []): string {
  return gateways.filter((name, i) => name !== gateways[i - 1]).join(" ");
}

function seen(text: string): string {
  return /closed/.test(text) ? "closed" : (/\d{3}/.exec(text)?.[0] ?? text);
}
