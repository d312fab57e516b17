import { INTERNET_DNS } from "./addresses";

/** Hosts that behave otherwise than the rest; README, "Internet", says how. */
export const SPECIAL_HOSTS = {
  /** Its HTTPS demands a client certificate (`internetClients.ts`). */
  mutualTls: "mutual.example",
  /** Its certificate is of an authority that nobody trusts. */
  wrongAuthority: "wrong-ca.example",
  /** Its certificate is for another name. */
  wrongName: "wrong-name.example",
  /** A DNS server that knows every name, and the name server of `attacker`. */
  resolver: "resolver.example",
  /** A question for any name below it reaches `resolver`, by whatever way. */
  attacker: "*.attacker.example",
} as const;

/**
 * The names of the lab's internet: one address a name. To add one, add a line at the end. A name that starts with `*.`
 * stands for every name below it; the innermost wins, and it covers its own apex.
 */
const NAMES = [
  "github.com",
  "www.github.com",
  "api.github.com",
  "httpbin.org",
  "www.httpbin.org",
  "google.com",
  "www.google.com",
  "cnn.com",
  "www.cnn.com",
  "example.org",
  "www.example.org",
  "partner.example",
  "www.partner.example",
  "evil.example",
  "*.wildcard.example",
  // Addresses of their own, so that the log tells which of a wildcard's names was meant.
  "*.x.wildcard.example",
  "*.www.x.wildcard.example",
  "*.y.wildcard.example",
  SPECIAL_HOSTS.resolver,
  SPECIAL_HOSTS.attacker,
  SPECIAL_HOSTS.mutualTls,
  SPECIAL_HOSTS.wrongAuthority,
  SPECIAL_HOSTS.wrongName,
  "db1.example",
  "db2.example",
  "grpc.example",
] as const;

const FIRST = 10;

/** The first address of a range that CIDR destinations can name whole. */
const BLOCK_FIRST = 64;

export interface InternetHost {
  name: string;
  address: string;
}

/** A range of four addresses: each is a host `nNN.block.example`, and `block.example` resolves to all of them. */
export const INTERNET_BLOCK = {
  name: "block.example",
  cidr: `${at(BLOCK_FIRST)}/30`,
  addresses: [0, 1, 2, 3].map((index) => at(BLOCK_FIRST + index)),
} as const;

/** The range's hosts and, last, a neighbour that the range does not hold. */
const BLOCK: readonly InternetHost[] = [...INTERNET_BLOCK.addresses, at(BLOCK_FIRST + 4)].map((address) => ({
  name: `n${address.split(".").at(-1)}.${INTERNET_BLOCK.name}`,
  address,
}));

/** Addresses follow the order of the list: 198.19.0.10 and on. The range's are 198.19.0.64 and on. */
export const INTERNET_HOSTS: readonly InternetHost[] = [
  ...NAMES.map((name, index) => ({ name, address: at(FIRST + index) })),
  ...BLOCK,
];

/** The name at an address of the lab's internet. */
export function hostAt(address: string): string | undefined {
  return INTERNET_HOSTS.find((host) => host.address === address)?.name;
}

/** The address of a name that stands in the list as it is. @throws Error when it does not */
export function internetAddress(name: string): string {
  const found = INTERNET_HOSTS.find((host) => host.name === name);
  if (!found) throw new Error(`the lab's internet has no host "${name}"`);
  return found.address;
}

function at(last: number): string {
  return INTERNET_DNS.replace(/\d+$/, String(last));
}
