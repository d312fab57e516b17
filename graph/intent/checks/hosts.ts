import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { isPublicSuffix } from "../../publicSuffix";
import { addressesOf, CIDR_DOMAIN } from "../cidr";
import type { EgressConfig } from "../config";
import { labelFault } from "../names";
import { join, type Problem } from "../problem";
import { coversCluster } from "./wildcards";

/** ServiceEntry's limit is 256 hosts (Istio API, `ServiceEntry.hosts`); a Gateway server a host keeps us well below. */
const HOST_LIMIT = 100;

/** Hosts: valid external DNS names, each in one destination only; a destination has some, or CIDRs. */
export function checkHosts(config: EgressConfig): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  const clusterDomain = config.istio?.clusterDomain ?? "cluster.local";
  for (const [name, { hosts = [], cidrs = [] }] of Object.entries(config.destinations)) {
    problems.push(...countProblems(join("destinations", name, "hosts"), hosts, cidrs));
    for (const [index, host] of hosts.entries()) {
      const path = join("destinations", name, "hosts", index);
      const fault = hostFault(host, clusterDomain);
      if (fault !== undefined) problems.push({ path, value: host, ...fault });
      const key = host.toLowerCase().replace(/\.$/, "");
      const first = seen.get(key);
      if (first !== undefined)
        problems.push({ path, value: host, message: `is listed at ${first} already`, fix: "Keep one of the two" });
      else seen.set(key, path);
    }
  }
  return problems;
}

function countProblems(path: string, hosts: string[], cidrs: string[]): Problem[] {
  if (hosts.length === 0 && cidrs.length === 0)
    return [{ path, message: "is missing, and cidrs too", fix: "Name hosts, or cidrs with TCP ports" }];
  const count = hosts.length + cidrs.flatMap((cidr) => addressesOf(cidr) ?? []).length;
  if (count <= HOST_LIMIT) return [];
  const what = cidrs.length === 0 ? "hosts" : "hosts and addresses of cidrs";
  return [
    { path, message: `has ${count} ${what}, over the limit of ${HOST_LIMIT}`, fix: "Split the destination in two" },
  ];
}

type Fault = Pick<Problem, "message" | "fix">;

/** What is wrong with an external host, most telling first. */
function hostFault(host: string, clusterDomain: string): Fault | undefined {
  if (host.includes("*")) return wildcardFault(host, clusterDomain);
  if (/[/:]/.test(host) && !ipaddr.isValid(host)) {
    const bare = host.replace(/^[a-z]+:\/\//i, "").replace(/[/:].*$/, "");
    return { message: "is no host but an address with scheme, port or path", fix: `Write the host alone: "${bare}"` };
  }
  if (ipaddr.isValid(host)) {
    const bits = ipaddr.parse(host).kind() === "ipv4" ? 32 : 128;
    return { message: "is an address, not a name", fix: `List it in cidrs as "${host}/${bits}", with TCP ports` };
  }
  if (host.endsWith(".")) return { message: "ends with a dot", fix: `Write "${host.slice(0, -1)}"` };
  if (host !== host.toLowerCase()) return { message: "has upper-case letters", fix: `Write "${host.toLowerCase()}"` };
  return dnsFault(host) ?? internalFault(host, clusterDomain);
}

/** A wildcard is one leading label, over a domain that is somebody's. */
function wildcardFault(host: string, clusterDomain: string): Fault | undefined {
  const domain = host.slice(2);
  if (!host.startsWith("*.") || domain.includes("*"))
    return { message: "has a wildcard that is not the whole first label", fix: 'Write it like "*.example.org"' };
  if (!domain.includes("."))
    return { message: "is a wildcard over a single label", fix: 'Name the hosts, or a domain, as "*.example.org"' };
  if (isPublicSuffix(host))
    return { message: `stands for every name under ${domain}, which anybody may register`, fix: "Name the hosts" };
  if (coversCluster(host, clusterDomain))
    return { message: `stands for names of the cluster itself (${clusterDomain})`, fix: "Name the hosts" };
  const fault = hostFault(domain, clusterDomain);
  return fault && { message: `${fault.message} after the wildcard`, fix: fault.fix.replace(/^Write "/, 'Write "*.') };
}

function dnsFault(host: string): Fault | undefined {
  if (host.length > 253) return { message: "is longer than 253 characters", fix: "Use a valid DNS name" };
  const fault = host
    .split(".")
    .map((label) => labelFault(label))
    .find((found) => found !== undefined);
  if (fault === undefined) return undefined;
  const ascii = domainToASCII(host);
  return {
    message: "is no DNS name: each part must be lower-case letters, digits and inner hyphens, 63 at most",
    fix: ascii !== "" && ascii !== host ? `Write its ASCII form: "${ascii}"` : "Correct the name",
  };
}

function internalFault(host: string, clusterDomain: string): Fault | undefined {
  if (!host.includes("."))
    return { message: "has no dot, so it is a name inside the cluster", fix: "Use the full external name" };
  if (host.endsWith(CIDR_DOMAIN)) return { message: "is a name that stands for an address of cidrs", fix: "Use cidrs" };
  if (host.endsWith(".svc") || host.endsWith(`.${clusterDomain}`))
    return { message: "is a Service of the cluster, not an external host", fix: "Allow it with meshHosts" };
  return undefined;
}
