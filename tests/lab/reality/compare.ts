import type { Outcome, Verdict } from "../../../graph/explain/types";
import type { Manifest } from "../../../graph/manifest";
import { addressOf } from "./names";
import type { Observed } from "./observe";

/** What a comparison of a verdict needs beside it. */
export interface Expectation {
  verdict: Verdict;
  /** Addresses that may stand for a host: its own, and endpoints that a ServiceEntry of the case gives it. */
  addresses: (host: string) => Set<string>;
}

export function expectation(verdict: Verdict, objects: readonly Manifest[], dialled?: string): Expectation {
  return { verdict, addresses: (host) => addressesOf(host, objects, dialled, verdict) };
}

/** What of a call's samples the verdict does not explain, or undefined. */
export function difference({ verdict, addresses }: Expectation, samples: Observed[][]): string | undefined {
  const { outcomes } = verdict;
  const main = outcomes.filter(({ mirror }) => !mirror);
  const fits = (outcome: Outcome, seen: Observed) => agrees(outcome, seen, addresses);
  for (const sample of samples) {
    const foreign = sample.find((seen) => !outcomes.some((outcome) => fits(outcome, seen)));
    if (foreign) return `${tell(foreign)} was seen`;
    if (!main.some((outcome) => sample.some((seen) => fits(outcome, seen)))) return "only copies of it were seen";
  }
  const certain = samples.length > 1 || main.length === 1;
  const unseen = outcomes.filter(
    (outcome) => mustBeSeen(outcome) && !samples.flat().some((seen) => fits(outcome, seen)),
  );
  if (certain && unseen[0]) return `${tellOutcome(unseen[0])} was not seen`;
  return undefined;
}

export function tell({ kind, gateway, address, port, seen }: Observed): string {
  return [kind, gateway, address && `to ${address}:${port}`, seen].filter(Boolean).join(" ");
}

export function tellOutcome({ verdict, gateway, destination, seen, mirror }: Outcome): string {
  const place = verdict === "gateway" || verdict === "direct" ? `to ${destination}` : undefined;
  return [mirror && "copy", verdict, verdict === "gateway" && gateway, place, verdict === "blocked" && seen]
    .filter(Boolean)
    .join(" ");
}

/** A copy is seen by the internet alone, and only where it speaks what the port does. */
function mustBeSeen({ mirror, verdict, destination = "" }: Outcome): boolean {
  return !mirror || ((verdict === "gateway" || verdict === "direct") && destination.endsWith(":80"));
}

function agrees(outcome: Outcome, seen: Observed, addresses: Expectation["addresses"]): boolean {
  if (outcome.verdict === "unknown") return true; // left open, so nothing speaks against it
  if (outcome.verdict !== seen.kind) return false;
  if (outcome.verdict === "blocked") return seen.seen === "nothing in time" || blockedAs(outcome.seen) === seen.seen;
  if (outcome.verdict === "in-mesh") return true;
  if (outcome.gateway !== seen.gateway) return false;
  const [host = "", port] = split(outcome.destination ?? "");
  return addresses(host).has(seen.address ?? "") && Number(port) === seen.port;
}

function blockedAs(seen: string): string {
  const code = /\bHTTP (\d{3})/.exec(seen)?.[1];
  return code === undefined ? "closed" : `HTTP ${code}`;
}

function split(destination: string): string[] {
  const colon = destination.lastIndexOf(":");
  return [destination.slice(0, colon), destination.slice(colon + 1)];
}

interface Endpoints {
  hosts?: string[];
  endpoints?: { address: string }[];
  /** Of a WorkloadEntry. */
  address?: string;
}

function addressesOf(
  host: string,
  objects: readonly Manifest[],
  dialled: string | undefined,
  verdict: Verdict,
): Set<string> {
  const found = new Set<string>();
  const own = addressOf(host);
  if (own !== undefined) found.add(own);
  if (verdict.how === "passthrough" && dialled !== undefined) found.add(dialled);
  for (const { kind, spec } of objects as (Manifest & { spec: Endpoints })[]) {
    if (kind === "WorkloadEntry") found.add(spec.address ?? "");
    if (kind !== "ServiceEntry" || !spec.hosts?.includes(host)) continue;
    for (const { address } of spec.endpoints ?? []) found.add(addressOf(address) ?? address);
  }
  return found;
}
