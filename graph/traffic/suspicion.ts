import { getDomain } from "tldts";

/** Characters of a label beyond which people do not name hosts. */
const LONG_LABEL = 40;
/** Characters from which a label of letters and digits mixed at random reads as data. */
const RANDOM_LABEL = 20;
/** Bits a character: words stay below, base32 and hexadecimal data above. */
const RANDOM_BITS = 3.6;
/** Names of one domain from which on a caller does not ask for hosts but sends something by their names. */
const MANY_NAMES = 20;

/** How many denied names of each registrable domain every caller has asked for. */
export class NameCounter {
  private readonly names = new Map<string, Set<string>>();

  add(caller: string, host: string): void {
    const key = keyOf(caller, host);
    const own = this.names.get(key) ?? new Set();
    own.add(host);
    this.names.set(key, own);
  }

  count(caller: string, host: string): number {
    return this.names.get(keyOf(caller, host))?.size ?? 0;
  }
}

function keyOf(caller: string, host: string): string {
  return `${caller} ${getDomain(host, { allowPrivateDomains: true }) ?? host}`;
}

/** Why a host reads as if somebody sent data out by its name; undefined for one that does not. A hint, never a proof. */
export function suspicionOf(host: string, namesOfDomain: number): string | undefined {
  if (namesOfDomain >= MANY_NAMES)
    return `the same caller asked for ${namesOfDomain} names of this domain: data may leave in names`;
  const label = host.split(".").find(isData);
  return label === undefined
    ? undefined
    : `"${label.slice(0, 24)}${label.length > 24 ? "…" : ""}" reads as data, not as a name`;
}

function isData(label: string): boolean {
  if (label.length >= LONG_LABEL) return true;
  return label.length >= RANDOM_LABEL && /\d/.test(label) && /[a-z]/i.test(label) && bits(label) >= RANDOM_BITS;
}

/** Entropy of a character (Shannon). */
function bits(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / text.length) * Math.log2(n / text.length), 0);
}
