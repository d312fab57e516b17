import ipaddr from "ipaddr.js";

/** How many addresses the CIDRs of a destination may have in all: each costs a host's whole set of objects. */
export const CIDR_LIMIT = 64;

/**
 * The addresses of a CIDR, network and broadcast address included, in order; undefined if it is no CIDR or has more
 * than `limit` addresses.
 */
export function addressesOf(cidr: string, limit = CIDR_LIMIT): string[] | undefined {
  const size = sizeOf(cidr);
  if (size === 0 || size > limit) return undefined;
  const bytes = ipaddr.parseCIDR(cidr)[0].toByteArray();
  const first = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) & ~(BigInt(size) - 1n);
  return Array.from({ length: size }, (_, n) => addressAt(first + BigInt(n), bytes.length));
}

/** How many addresses a CIDR has; 0 if it is none. */
export function sizeOf(cidr: string): number {
  if (!ipaddr.isValidCIDR(cidr)) return 0;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  return 2 ** (address.toByteArray().length * 8 - prefix);
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

/** Whether a CIDR or address is of IPv6; by its writing alone, so that faulty ones have a family too. */
export function familyOf(range: string): "ipv4" | "ipv6" {
  return range.includes(":") ? "ipv6" : "ipv4";
}

/** What is wrong with a CIDR of a NetworkPolicy (Kubernetes API, `IPBlock.cidr`), with the fix; or undefined. */
export function cidrFault(cidr: string): { message: string; fix: string } | undefined {
  if (!ipaddr.isValidCIDR(cidr) || !/^[\da-fA-F.:]+\/\d+$/.test(cidr)) {
    const fix = ipaddr.isValid(cidr)
      ? `Write "${cidr}/${familyOf(cidr) === "ipv6" ? 128 : 32}" for this one address`
      : "Write IP/PREFIX, e.g. 10.0.0.0/8";
    return { message: "is no range of addresses", fix };
  }
  const network = networkOf(cidr);
  if (network === undefined) return { message: "is an IPv4 range in IPv6's writing", fix: "Write it as IPv4" };
  return network === cidr.toLowerCase() || sameNetwork(cidr)
    ? undefined
    : { message: "has bits set beyond its prefix", fix: `Write "${network}"` };
}

/** Whether the range `inner` lies wholly in `outer`; an address is a range of one. */
export function covers(outer: string, inner: string): boolean {
  if (!ipaddr.isValidCIDR(outer) || !(ipaddr.isValidCIDR(inner) || ipaddr.isValid(inner))) return false;
  const [range, bits] = ipaddr.parseCIDR(outer);
  const [address, length] = ipaddr.isValidCIDR(inner) ? ipaddr.parseCIDR(inner) : [ipaddr.parse(inner), 128];
  return range.kind() === address.kind() && length >= bits && address.match(range, bits);
}

function networkOf(cidr: string): string | undefined {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  if (address.kind() === "ipv4") return `${ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()}/${bits}`;
  if ((address as ipaddr.IPv6).isIPv4MappedAddress()) return undefined;
  return `${ipaddr.IPv6.networkAddressFromCIDR(cidr).toString()}/${bits}`;
}

function sameNetwork(cidr: string): boolean {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return `${address.toString()}/${bits}` === networkOf(cidr);
}
