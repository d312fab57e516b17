import { covers } from "../intent/cidr";
import { INTERNAL_RANGES } from "../intent/guardsIntent";
import type { Value } from "../mesh/value";
import type { PeerEnd } from "./ends";

/**
 * Whether an end is in an ipBlock (Kubernetes API, `IPBlock`). A host whose address no object names counts as inside if
 * some address of the internet is: it may be that one. Pods without a known address are inside only of what has no bounds.
 */
export function inBlock(block: Value, end: PeerEnd): boolean {
  const cidr = block.at("cidr").text();
  const except = block.at("except").texts();
  if (end.address !== undefined) {
    const { address } = end;
    return covers(cidr, address) && !except.some((range) => covers(range, address));
  }
  if (end.kind === "pods") return /\/0$/.test(cidr) && except.length === 0;
  return opensInternet(cidr, except);
}

/** Few different blocks stand in thousands of policies, and reading addresses is slow. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 1000;

function opensInternet(cidr: string, except: string[]): boolean {
  const key = [cidr, ...except].join(" ");
  let open = known.get(key);
  if (open === undefined) {
    open = ![...INTERNAL_RANGES, ...except].some((range) => covers(range, cidr));
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, open);
  }
  return open;
}
