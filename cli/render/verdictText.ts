import { createColors } from "picocolors";
import type { Hop, Outcome, Verdict } from "../../graph/explain/types";
import type { Question } from "../question";

/** By the terminal alone: by itself the library also colours a pipe, wherever `CI` is set. */
const pc = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);

/** The answer for people: the verdict first, then the way to it. */
export function verdictText({ workload, url }: Pick<Question, "workload" | "url">, verdict: Verdict): string {
  const others = verdict.outcomes.slice(1);
  return [
    `${pc.bold(workload)} → ${pc.bold(url)}`,
    `${colour(verdict)(verdict.verdict)}: ${summary(verdict)}`,
    `The application sees: ${verdict.seen}`,
    ...(verdict.missing === undefined ? [] : [`Missing: ${verdict.missing}`]),
    ...(verdict.limits ?? []).map((limit) => `The gateway cannot see ${limit}`),
    "",
    ...hops(verdict.path),
    ...(others.length === 0
      ? []
      : ["", "It may also end otherwise:", ...others.map((other) => `  ${other.verdict}: ${summary(other)}`)]),
    "",
  ].join("\n");
}

function summary({ verdict, gateway, destination, address, tls, reason, mirror }: Outcome): string {
  const at = address === undefined ? "" : ` at ${address}`;
  const by = tls === undefined ? "" : ", by TLS of the gateway's own";
  const to = destination === undefined ? "" : ` to ${destination}${at}${by}`;
  const copy = mirror ? "a copy " : "";
  if (verdict === "gateway") return `${copy}leaves through ${gateway}${to}`;
  if (verdict === "in-mesh") return `${copy}stays in the mesh${to && `, and goes${to}`}`;
  if (verdict === "direct") return `${copy}leaves the mesh without a gateway${to}: ${reason}`;
  return reason;
}

function colour({ verdict }: Outcome): (text: string) => string {
  if (verdict === "gateway" || verdict === "in-mesh") return pc.green;
  return verdict === "direct" ? pc.red : pc.yellow;
}

function hops(path: readonly Hop[]): string[] {
  const width = Math.max(0, ...path.map(({ stage }) => stage.length));
  let at = "";
  return path.flatMap((hop) => {
    const head = hop.at === at ? [] : [pc.bold(hop.at)];
    at = hop.at;
    const decided =
      hop.object === undefined
        ? ""
        : pc.dim(
            `\n  ${" ".repeat(width)}   ${[hop.object, hop.field, hop.source && `(${hop.source})`].filter(Boolean).join(" ")}`,
          );
    return [...head, `  ${hop.stage.padEnd(width)}   ${hop.message}${decided}`];
  });
}
