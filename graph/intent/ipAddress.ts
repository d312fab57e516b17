import ipaddr from "ipaddr.js";
import type { Problem } from "./problem";

type Fault = Pick<Problem, "message" | "fix">;

/** Ranges of which no address is an outside host (IANA IPv4 and IPv6 Special-Purpose Address Registries). */
const NO_HOST: Readonly<Record<string, string>> = {
  unspecified: "stands for any address",
  loopback: "is the pod's own (loopback)",
  multicast: "is a multicast address",
  broadcast: "is the broadcast address",
  ipv4Mapped: "is an IPv4 address in the clothes of IPv6, which no connection ever bears",
};

/** What is wrong with the address of an outside host, or undefined. */
export function addressFault(text: string): Fault | undefined {
  if (text.includes("/") && ipaddr.isValidCIDR(text))
    return { message: "is a range, not an address", fix: "Write single addresses, or a destination with cidrs" };
  if (!ipaddr.isValid(text) || text.includes("%"))
    return { message: "is no IP address", fix: "Write an address like 198.51.100.7 or 2001:db8::7" };
  const address = ipaddr.parse(text);
  const range = NO_HOST[address.range()];
  if (range !== undefined)
    return {
      message: range,
      fix: isMapped(address)
        ? `Write "${address.toIPv4Address().toString()}"`
        : "Write the address of the outside host",
    };
  return spellingFault(text, address.toString());
}

/** What is wrong with a range of outside hosts, or undefined. Its size is not looked at. */
export function rangeFault(text: string): Fault | undefined {
  if (ipaddr.isValid(text) && !text.includes("%")) {
    const bits = ipaddr.parse(text).kind() === "ipv4" ? 32 : 128;
    return {
      message: "has no prefix length",
      fix: `Write "${ipaddr.parse(text).toString()}/${bits}" for this one address`,
    };
  }
  if (!ipaddr.isValidCIDR(text) || text.includes("%"))
    return { message: "is no IP range", fix: "Write IP/PREFIX like 198.51.100.64/30" };
  const [address, bits] = ipaddr.parseCIDR(text);
  const range = NO_HOST[address.range()];
  if (range !== undefined && bits > 0) return { message: range, fix: "Write the range of the outside hosts" };
  const network =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(text) : ipaddr.IPv6.networkAddressFromCIDR(text);
  return spellingFault(text, `${network.toString()}/${bits}`);
}

/** One spelling an address, so that equal ones are seen, and Envoy, which compares text, finds them. */
function spellingFault(text: string, usual: string): Fault | undefined {
  return text === usual ? undefined : { message: "is not written in its usual form", fix: `Write "${usual}"` };
}

function isMapped(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
}
