import ipaddr from "ipaddr.js";

/** How many addresses the CIDRs of a destination may have in all: each costs a host's whole set of objects. */
export const CIDR_LIMIT = 64;

/**
 * The addresses of a CIDR, network and broadcast address included, in order; undefined if it is no CIDR or has more
 * than `limit` addresses.
 */
export function addressesOf(cidr: string, limit = CIDR_LIMIT): string[] | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const bits = bytes.length * 8 - prefix;
  if (2 ** bits > limit) return undefined;
  const mask = (1n << BigInt(bits)) - 1n;
  const first = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) & ~mask;
  return Array.from({ length: 2 ** bits }, (_, n) => addressAt(first + BigInt(n), bytes.length));
}

function addressAt(value: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, n) => Number((value >> BigInt(8 * (length - 1 - n))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

/** The domain of made-up hosts. */
export const CIDR_DOMAIN = ".cidr.internal";

/** The made-up host of one address of a destination: `198-19-0-64.partners.cidr.internal`. */
export function addressHost(address: string, destination: string): string {
  const name = ipaddr.parse(address).toNormalizedString().replace(/[.:]/g, "-");
  return `${name}.${destination}${CIDR_DOMAIN}`;
}
