import { addressesOf } from "../cidr";
import type { Application, Destination, EgressConfig } from "../config";
import { portsOf } from "../defaults";
import { isLimited, limitsOf } from "../limits";
import { join, type Problem } from "../problem";
import { seesRequests } from "../protocols";

/** Rules of one AuthorizationPolicy (its CRD, `spec.rules`, `maxItems`). */
const MOST_RULES = 512;
/** Bytes of one object: etcd refuses requests beyond 1.5 MiB (etcd docs, "System limits"), and we leave room. */
const MOST_BYTES = 1_000_000;
/** A server of a Gateway as JSON, without its host and callers. */
const SERVER_BYTES = 140;
/** `spiffe://TRUST-DOMAIN/ns//sa/` with its quotes. */
const IDENTITY_BYTES = 20;

interface Size {
  path: string;
  rules: number;
  bytes: number;
}

/** A gateway that many destinations share is one Gateway and one AuthorizationPolicy: both must fit into the cluster. */
export function checkGatewaySizes(config: EgressConfig): Problem[] {
  const allowed = allowedTo(config.applications);
  const sizes = new Map<string, Size>();
  for (const [name, destination] of Object.entries(config.destinations)) {
    const gateway = destination.gateway ?? name;
    const size = sizes.get(gateway) ?? { path: join("destinations", name), rules: 0, bytes: 0 };
    const applications = allowed.get(name) ?? [];
    size.rules += rulesOf(name, destination, applications);
    size.bytes += bytesOf(config, destination, applications);
    sizes.set(gateway, size);
  }
  return [...sizes].flatMap(([gateway, size]) => tooLarge(gateway, size));
}

function tooLarge(gateway: string, { path, rules, bytes }: Size): Problem[] {
  const fix = "Give some of its destinations a gateway of their own, or split the destination";
  const problem = (message: string): Problem => ({ path, message, fix });
  if (rules > MOST_RULES)
    return [
      problem(`gateway "${gateway}" would need ${rules} rules in its AuthorizationPolicy, which holds ${MOST_RULES}`),
    ];
  return bytes > MOST_BYTES
    ? [
        problem(
          `gateway "${gateway}" would be a Gateway of about ${Math.ceil(bytes / 1000)} kB, over the ${MOST_BYTES / 1000} kB that fit into the cluster`,
        ),
      ]
    : [];
}

function allowedTo(applications: readonly Application[]): Map<string, Application[]> {
  const found = new Map<string, Application[]>();
  for (const application of applications) {
    for (const name of new Set(application.allow)) {
      const list = found.get(name);
      if (list) list.push(application);
      else found.set(name, [application]);
    }
  }
  return found;
}

/** As `graph/objects/authorizationPolicy.ts` makes them: one for each set of limits, and one for connections. */
function rulesOf(name: string, destination: Destination, applications: readonly Application[]): number {
  if (applications.length === 0) return 0;
  const limits = applications.map(({ terms = {} }) => limitsOf({ terms }, name));
  const sets = new Set(limits.map((each) => JSON.stringify(each))).size;
  const ports = portsOf(destination).filter(({ protocol }) => protocol !== undefined);
  const requests = ports.some(({ protocol }) => protocol !== undefined && seesRequests(protocol));
  const connections = ports.some(({ protocol }) => protocol !== undefined && !seesRequests(protocol));
  return (requests ? sets : 0) + (connections && limits.some((each) => !isLimited(each)) ? 1 : 0);
}

/** One server for each host and port, with the identity of each application. */
function bytesOf(config: EgressConfig, destination: Destination, applications: readonly Application[]): number {
  if (applications.length === 0) return 0;
  const trustDomain = config.istio?.trustDomain ?? "cluster.local";
  const identities = applications.reduce(
    (sum, { namespace, name, serviceAccount = name }) =>
      sum + IDENTITY_BYTES + trustDomain.length + namespace.length + serviceAccount.length,
    0,
  );
  const hosts = [...(destination.hosts ?? []), ...(destination.cidrs ?? []).flatMap((cidr) => addressesOf(cidr) ?? [])];
  const names = hosts.reduce((sum, host) => sum + 2 * host.length + SERVER_BYTES + identities, 0);
  return names * portsOf(destination).length;
}
