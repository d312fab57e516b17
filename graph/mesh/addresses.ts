import ipaddr from "ipaddr.js";

/** Addresses of a ServiceEntry or call. `vip:<host>` stands for an address that only the cluster knows. */
export function isAddress(text: string): boolean {
  return text.startsWith("vip:") || isIp(text);
}

/** The library decides by exceptions, which is slow for the many host names that come by. */
function isIp(text: string): boolean {
  return /^[\d.]+$|:/.test(text) && ipaddr.isValid(text);
}

/** A single address of the loopback, no range. */
export function isLoopback(address: string): boolean {
  if (isCidr(address)) return false;
  return address.startsWith("127.") || address === "::1";
}

/** A single address that is neither private nor of a special range (IANA IPv4 and IPv6 Special-Purpose Address Registries). */
export function isPublicAddress(text: string): boolean {
  return isIp(text) && ipaddr.parse(text).range() === "unicast";
}

/** A CIDR of one address becomes that address (Istio `se/conversion.go: convertServices`); nonsense vanishes: undefined. */
export function normalAddress(text: string): string | undefined {
  if (!text.includes("/")) return isIp(text) ? text : undefined;
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(text);
  return bits === (address.kind() === "ipv4" ? 32 : 128) ? address.toString() : text;
}

export function isCidr(text: string): boolean {
  return text.includes("/");
}

/** Length of the matching prefix; undefined if the address is outside. A plain address is a full prefix. */
export function prefixMatch(address: string, range: string): number | undefined {
  if (!isIp(address)) return undefined;
  const ip = ipaddr.parse(address);
  const [net, bits] = ipaddr.isValidCIDR(range) ? ipaddr.parseCIDR(range) : fullPrefix(range);
  if (!net || net.kind() !== ip.kind()) return undefined;
  return ip.match(net, bits) ? bits : undefined;
}

function fullPrefix(range: string): [ipaddr.IPv4 | ipaddr.IPv6 | undefined, number] {
  if (!ipaddr.isValid(range)) return [undefined, 0];
  const ip = ipaddr.parse(range);
  return [ip, ip.kind() === "ipv4" ? 32 : 128];
}

/** 1.2.3.4/8 and 1.5.6.7/8 are the same range. */
export function maskedRange(range: string): string {
  if (!ipaddr.isValidCIDR(range)) return range;
  const [net, bits] = ipaddr.parseCIDR(range);
  if (net.kind() === "ipv4") return `${ipaddr.IPv4.networkAddressFromCIDR(range).toString()}/${bits}`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(range).toString()}/${bits}`;
}

/** The first address inside a range, for "some address of it". */
export function addressIn(range: string): string {
  if (!ipaddr.isValidCIDR(range)) return range;
  const [net] = ipaddr.parseCIDR(range);
  return net.toString();
}
