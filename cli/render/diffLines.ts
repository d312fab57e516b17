import type { Change, ReachDiff } from "../../graph/reach/diff";
import type { GuardChange } from "../../graph/reach/guards";
import type { HostPort } from "../../graph/reach/reach";
import { ANY_OTHER_HOST, type Way } from "../../graph/reach/way";

/** The parts of a diff in the order in which people should read them; empty ones are left out. */
export interface DiffPart {
  title: string;
  /** Whether it opens something. */
  sign: "+" | "-" | "~" | "!" | "?";
  lines: DiffLine[];
}

export interface DiffLine {
  who: string;
  what: string;
  how: string;
}

export function diffParts(diff: ReachDiff): DiffPart[] {
  const part = (
    sign: DiffPart["sign"],
    title: string,
    changes: Change[],
    how: (change: Change) => string,
  ): DiffPart => ({
    title,
    sign,
    lines: changes.map((change) => ({ who: who(change), what: what(change), how: how(change) })),
  });
  const parts: DiffPart[] = [
    part("+", "Newly reachable", diff.newlyReachable, ({ after }) => wayText(after)),
    { title: "Guard lost", sign: "!", lines: diff.guardsLost.map(guardLine) },
    part("~", "Path changed", diff.pathChanged, ({ before, after }) => change(before, after)),
    part("-", "No longer reachable", diff.noLongerReachable, ({ before }) => `before: ${wayText(before)}`),
    part("?", "Undecided", diff.undecided, ({ before, after }) => `${wayText(before)} → ${wayText(after)}`),
    {
      title: "Not known yet",
      sign: "?",
      lines: diff.unknownInputs.map((input) => ({ who: input, what: "", how: "it may make more reachable" })),
    },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

function guardLine({ namespace, guard, object, field, message }: GuardChange): DiffLine {
  return {
    who: namespace,
    what: guard,
    how: `${[object, field].filter(Boolean).join(" ")}${object ? ": " : ""}${message}`,
  };
}

function who({ applications }: Change): string {
  return applications.map(applicationText).join(", ");
}

/** "any other pod of shop" for `shop/*`. */
export function applicationText(id: string): string {
  const [namespace = "", name = ""] = id.split("/");
  if (name === "*") return `any other pod of ${namespace}`;
  return name.startsWith("*?") ? `any pod of ${namespace} with ${name.slice(2)}` : id;
}

function what({ target, requests }: Change): string {
  return `${urlText(target)}${requests ? ` (${requests.join(", ")})` : ""}`;
}

const SCHEME: Readonly<Record<HostPort["protocol"], { scheme: string; port?: number }>> = {
  http: { scheme: "http", port: 80 },
  tls: { scheme: "https", port: 443 },
  tcp: { scheme: "tcp" },
};

/** As `explain` takes it. */
function urlText({ host, port, protocol }: HostPort): string {
  const { scheme, port: usual } = SCHEME[protocol];
  if (host === ANY_OTHER_HOST) return `any host that nobody names, over ${scheme}`;
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}`;
}

function wayText({ verdict, gateways, destination, address, reason }: Way): string {
  const at = address === undefined ? "" : ` at ${address}`;
  const to = destination === undefined ? "" : ` to ${destination}${at}`;
  if (verdict === "gateway") return `through ${gateways.join(", then ")}${to}`;
  if (verdict === "direct") return `directly, without a gateway${to}: ${reason}`;
  return verdict === "in-mesh" ? `inside the mesh${to}` : `${verdict}: ${reason}`;
}

/** Two ways that read alike differ in what the gateway sees or speaks, or in ways beside the worst. */
function change(before: Way, after: Way): string {
  const [a, b] = [wayText(before), wayText(after)];
  if (a !== b) return `${a} → ${b}`;
  const [was, is] = [detail(before), detail(after)];
  return was === is ? `${a}, with other ways beside it` : `${a}; ${was} → ${is}`;
}

function detail({ tls, limits }: Way): string {
  const sees = limits === undefined ? "the gateway sees each request" : `the gateway cannot see ${limits.join("; ")}`;
  return tls === undefined ? sees : `${sees}, and speaks TLS itself (${tls.mode}, SNI ${tls.sni})`;
}
