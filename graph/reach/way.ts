import { outcomesOf } from "../explain/explain";
import type { Outcome, VerdictKind } from "../explain/types";
import type { Mesh } from "../mesh/mesh";
import { answerTo } from "../rules/identities";
import type { Application } from "./applications";
import { type HostPort, nameUnder } from "./reach";
import type { Request } from "./requests";

/** Stands for every host that no object of either side names. */
export const ANY_OTHER_HOST = "*";
const UNHEARD_OF = "no-object-names-this.invalid";

/** What is asked for hosts that nobody names; TCP at some port that is nobody's. */
export const ANYTHING_ELSE: readonly HostPort[] = [
  { host: ANY_OTHER_HOST, port: 80, protocol: "http" },
  { host: ANY_OTHER_HOST, port: 443, protocol: "tls" },
  { host: ANY_OTHER_HOST, port: 5432, protocol: "tcp" },
];

/** What becomes of a call, without its hops. */
export interface Way {
  /** `reached`: by any of its outcomes. `unknown`: none arrives, but of some nobody can say. */
  state: "reached" | "blocked" | "unknown";
  /** The worst outcome that made it so. */
  verdict: VerdictKind;
  /** Gateways passed, "namespace/service", in order. */
  gateways: string[];
  /** Where it arrives, "host:port". */
  destination?: string;
  /** Address outside, where the configuration says it. */
  address?: string;
  /** TLS that the gateway itself speaks to the outside. */
  tls?: Outcome["tls"];
  /** What the gateway cannot see. */
  limits?: string[];
  reason: string;
  /** Object and field that decided last. */
  by?: { object: string; field?: string; source?: string };
  /** All ways in which it may end, as a key: equal keys are the same way. */
  key: string;
}

/** How one call of an application ends. `others`: accounts that are known to be other applications'. */
export function wayOf(
  mesh: Mesh,
  { workload }: Pick<Application, "workload">,
  target: HostPort,
  request: Request,
  others: ReadonlySet<string>,
): Way {
  const host = target.host === ANY_OTHER_HOST ? UNHEARD_OF : nameUnder(target.host);
  const { port, protocol } = target;
  const question = { host, port, protocol, ...(protocol === "http" && request) };
  return way(
    workload.serviceAccount === undefined
      ? answerTo(mesh, question, { workload }, others)
      : outcomesOf(mesh, { ...question, workload }),
  );
}

const ARRIVES: readonly VerdictKind[] = ["gateway", "direct", "in-mesh"];

function way(outcomes: readonly Outcome[]): Way {
  const arriving = outcomes.filter(({ verdict }) => ARRIVES.includes(verdict));
  const unknown = outcomes.filter(({ verdict }) => verdict === "unknown");
  const state = arriving.length > 0 ? "reached" : unknown.length > 0 ? "unknown" : "blocked";
  const worst = (arriving[0] ?? unknown[0] ?? outcomes[0]) as Outcome;
  const { verdict, gateways, destination, address, tls, limits, reason, path } = worst;
  const last = path.findLast(({ object }) => object !== undefined);
  return {
    state,
    verdict,
    gateways,
    ...(destination !== undefined && { destination }),
    ...(address !== undefined && { address }),
    ...(tls !== undefined && { tls }),
    ...(limits !== undefined && { limits }),
    reason,
    ...(last?.object !== undefined && { by: { object: last.object, field: last.field, source: last.source } }),
    key: state === "reached" ? JSON.stringify(outcomes.map(essence).sort()) : state,
  };
}

function essence({ verdict, gateways, destination, address, tls, limits, mirror }: Outcome): string {
  return verdict === "blocked"
    ? verdict
    : JSON.stringify([verdict, gateways, destination, address, tls, limits, mirror]);
}
