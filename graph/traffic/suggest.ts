/** Which change of a stack's configuration would allow what was denied. */
import type { CallProtocol } from "../explain/types";
import type { EgressConfig } from "../intent/config";
import { applicationKey, serviceAccountOf } from "../intent/defaults";
import { isAddress } from "../mesh/addresses";
import { allowCall } from "../repair/allowCall";
import type { ConfigChange } from "../repair/configChange";
import type { AuditedCalls } from "./audit";
import { NameCounter, suspicionOf } from "./suspicion";
import { OTHER_CALLERS, OTHER_HOSTS } from "./traffic";

/** What was denied to an application at one host and port, and what would allow it. */
export interface Suggestion {
  application: string;
  host: string;
  port: number | undefined;
  calls: number;
  /** What the change is, in words; empty where there is none. */
  says: string[];
  /** The change for another call allows this one too. */
  covered?: true;
  /** Why no change is proposed. */
  why?: string;
}

export interface Suggestions {
  suggestions: Suggestion[];
  /** All changes, in the order in which they are to be made. */
  changes: ConfigChange[];
}

interface Denied extends Pick<Suggestion, "application" | "host" | "port" | "calls"> {
  caller: string;
  protocol: CallProtocol;
  reason: AuditedCalls["reason"];
}

/** Goes through what was denied, host by host; each change is made on top of those before it. */
export function suggestionsFor(config: EgressConfig, calls: readonly AuditedCalls[], today: string): Suggestions {
  const denied = deniedPlaces(calls);
  const names = new NameCounter();
  for (const { caller, host } of denied) names.add(caller, host);
  const changes: ConfigChange[] = [];
  let current = config;
  const suggestions = denied.map(({ application, host, port, calls: count, ...rest }, n): Suggestion => {
    const place = { application, host, port, calls: count };
    const why = n < MOST ? obstacle({ ...place, ...rest }, config, names) : TOO_MANY;
    if (why !== undefined || port === undefined) return { ...place, says: [], why: why ?? "no line says the port" };
    const wanted = { ...callerIn(config, rest.caller, application), host, port, protocol: rest.protocol };
    const found = allowCall(current, wanted, today);
    if (!found.ok) {
      // What an earlier change allows as well needs none of its own.
      if (changes.length > 0 && allowCall(config, wanted, today).ok) return { ...place, says: [], covered: true };
      return { ...place, says: [], why: rest.reason === "authorization" ? LIMITED : found.why };
    }
    current = found.config;
    changes.push(...found.changes);
    return { ...place, says: found.says };
  });
  return { suggestions, changes };
}

/** More than a person would review, and each change is validated with all before it. */
const MOST = 100;
const TOO_MANY = `more than ${MOST} places were denied: allow the first ones, then ask again`;
const LIMITED = "the host is allowed, but not this method or path: widen the allowance's terms if it is meant";

/** By application, host and port; the reason is that of the most calls. */
function deniedPlaces(calls: readonly AuditedCalls[]): Denied[] {
  const found = new Map<string, Denied & { most: number }>();
  for (const call of calls) {
    if (call.outcome !== "denied" || call.reason === "rate-limit") continue;
    const { application, host, port, caller, reason } = call;
    const key = `${application} ${host} ${port}`;
    const own = found.get(key) ?? {
      application,
      host,
      port,
      caller,
      reason,
      calls: 0,
      most: 0,
      protocol: call.protocol ?? protocolOf(port),
    };
    own.calls += call.calls;
    if (call.calls > own.most) Object.assign(own, { most: call.calls, reason });
    found.set(key, own);
  }
  return [...found.values()].map(({ most: _, ...denied }) => denied);
}

function protocolOf(port: number | undefined): CallProtocol {
  if (port === 80) return "http";
  return port === 443 ? "tls" : "tcp";
}

/** What no line of configuration should change by itself. */
function obstacle({ caller, application, host }: Denied, config: EgressConfig, names: NameCounter): string | undefined {
  if (host === OTHER_HOSTS || caller === OTHER_CALLERS) return "too many to tell apart: look at the caller first";
  if (host === "unknown") return "no line says which host was meant";
  if (applicationOf(config, caller, application) === undefined)
    return isAddress(caller)
      ? "no line says which application called from this address"
      : "the caller is no application of the configuration";
  if (isAddress(host))
    return "only an address was asked for: name the host, or if the address itself is meant, write a destination with cidrs";
  if (/\.svc(\.|$)/.test(host))
    return "a Service of the cluster: no egress (meshHosts opens those of other namespaces)";
  return suspicionOf(host, names.count(caller, host));
}

function applicationOf({ applications }: EgressConfig, caller: string, application: string) {
  return applications.find(
    (each) => applicationKey(each) === application || `${each.namespace}/${serviceAccountOf(each)}` === caller,
  );
}

function callerIn(config: EgressConfig, caller: string, application: string) {
  const { namespace = "", name = "" } = applicationOf(config, caller, application) ?? {};
  return { namespace, application: name };
}
