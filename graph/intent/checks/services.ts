import ipaddr from "ipaddr.js";
import type { GatewayOptions } from "../config";
import { labelKeyFault } from "../names";
import { join, type Problem } from "../problem";

/** A gateway's Service: annotations of valid keys, an IP as its address. */
export function serviceProblems(path: string, { serviceAnnotations = {}, clusterIp }: GatewayOptions): Problem[] {
  const problems: Problem[] = Object.entries(serviceAnnotations).flatMap(([key, value]) => {
    const fault = labelKeyFault(key);
    return fault === undefined
      ? []
      : [
          {
            path: join(path, "serviceAnnotations", key),
            value,
            message: fault.replace("label", "annotation"),
            fix: "Write it like example.org/name",
          },
        ];
  });
  if (clusterIp !== undefined && !isAddress(clusterIp))
    problems.push({
      path: `${path}.clusterIp`,
      value: clusterIp,
      message: "is no IP address",
      fix: "Use a free address of the cluster's Service range, or remove it",
    });
  return problems;
}

/** In the usual form alone: the library also takes 10.1 and 0x0a000001. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
