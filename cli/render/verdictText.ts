import type { Hop, Outcome } from "../../graph/explain/types";
import type { Hole } from "../../graph/network/holes";
import type { Answer } from "../answer";
import type { Question } from "../question";
import { pc } from "./colours";

/** The answer for people: the verdict first, then the way to it. */
export function verdictText(
  { workload, url }: Pick<Question, "workload" | "url">,
  { verdict, holes, strays }: Answer,
): string {
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
    ...(holes.length === 0 ? [] : ["", "A hostile pod may go another way:", ...holes.map(hole)]),
    ...(strays.length === 0
      ? []
      : ["", "Pods that are not as their template says, so ask for each:", ...strays.map((pod) => `  ${pod}`)]),
    "",
  ].join("\n");
}

function hole({ guard, object, field, message }: Hole): string {
  const place = [object ?? guard, field].filter(Boolean).join(" ");
  return `  ${place}: ${message}`;
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
