import type { Outcome } from "../explain/types";
import { isPublicAddress } from "../mesh/addresses";
import type { MeshObject } from "../mesh/object";
import type { Port } from "../mesh/protocol";
import type { Service } from "../mesh/service";
import { Undecided } from "../mesh/unknown";
import { type Caller, callersOf } from "./callers";
import { detoursTo } from "./detours";
import { callsTo, type Question } from "./entryCalls";
import { answerTo, refusedForIdentity } from "./identities";
import { istioObjects, type RuleContext } from "./rule";

/** One answer that matters: who asked for what, and what became of it. */
export interface Answer {
  caller: Caller;
  question: Question;
  /** Without the path: of thousands of answers that would be most of the memory. */
  outcome: Pick<Outcome, "reason" | "missing" | "where" | "mirror" | "how">;
  /** The route that the sidecar followed, `Kind namespace/name`; undefined where the ServiceEntry's own endpoint led the way. */
  route?: string;
}

/** What becomes of the calls to one port of one host of a ServiceEntry: the first of each kind of answer. */
export interface PortVerdict {
  object: MeshObject;
  service: Service;
  port: Port;
  direct?: Answer;
  unknown?: Answer;
  /** Refused before any gateway decided about the caller. */
  blocked?: Answer;
  /** Some caller gets through a gateway. */
  gateway: boolean;
  /** A caller that a route of its own, and not the ServiceEntry, leads to the gateway. */
  routed?: Answer;
}

/** What could not even be asked, because a value is not known yet. */
export interface Unasked {
  object: MeshObject;
  why: Undecided;
}

export type EntryVerdict = PortVerdict | Unasked;

/** The hosts of every ServiceEntry for something outside that is judged. */
export function* outsideServices(context: RuleContext): Iterable<Service> {
  const services = context.shared(servicesByEntry);
  for (const object of istioObjects(context, "ServiceEntry")) {
    if (context.judged(object)) yield* (services.get(object) ?? []).filter(outside);
  }
}

/** Of every ServiceEntry that is judged, every host and port, by every class of workloads that sees it. Linear in the input. */
export function entryVerdicts(context: RuleContext): EntryVerdict[] {
  const services = context.shared(servicesByEntry);
  return istioObjects(context, "ServiceEntry")
    .filter((object) => context.judged(object) && !context.mesh.invalid.has(object))
    .flatMap((object) => verdictsOf(context, object, services.get(object) ?? []));
}

function servicesByEntry({ mesh }: RuleContext): Map<MeshObject, Service[]> {
  const found = new Map<MeshObject, Service[]>();
  for (const host of mesh.services.byHost.names()) {
    for (const service of mesh.services.byHost.at(host)) {
      if (service.registry !== "external") continue;
      const services = found.get(service.object);
      if (services) services.push(service);
      else found.set(service.object, [service]);
    }
  }
  return found;
}

function verdictsOf(context: RuleContext, object: MeshObject, services: Service[]): EntryVerdict[] {
  try {
    // A value of the entry that is not known yet hides what it allows: reading the hosts says so.
    object.spec.at("hosts").texts();
    const verdicts: EntryVerdict[] = [];
    for (const service of services.filter(outside)) {
      const callers = callersOf(context, service);
      for (const port of service.ports) verdicts.push(ask(context, object, service, port, callers));
    }
    return verdicts;
  } catch (error) {
    if (error instanceof Undecided) return [{ object, why: error }];
    throw error;
  }
}

/** MESH_EXTERNAL; or MESH_INTERNAL by word, but with addresses from DNS, or public ones: it may be anywhere. */
function outside(service: Service): boolean {
  if (service.external) return true;
  if (service.selector !== undefined) return false;
  return service.resolution !== "STATIC" || service.endpoints.some(({ address }) => isPublicAddress(address));
}

function ask(context: RuleContext, object: MeshObject, service: Service, port: Port, callers: Caller[]): PortVerdict {
  const verdict: PortVerdict = { object, service, port, gateway: false };
  for (const question of callsTo(context.mesh, service.host, service.addresses, port)) {
    for (const caller of callers) {
      note(verdict, caller, question, answerTo(context.mesh, question, caller));
    }
  }
  for (const { caller, question } of detoursTo(context, service, port)) {
    const leak = answerTo(context.mesh, question, caller).find(
      (each) => each.verdict === "direct" && each.destination === `${service.host}:${port.number}`,
    );
    if (leak) verdict.direct ??= { caller, question, outcome: brief(leak) };
  }
  return verdict;
}

function note(verdict: PortVerdict, caller: Caller, question: Question, outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    const kind = kindOf(outcome);
    if (kind === undefined) continue;
    if (kind !== "gateway") {
      verdict[kind] ??= { caller, question, outcome: brief(outcome) };
      continue;
    }
    verdict.gateway = true;
    const route = verdict.routed === undefined ? routeOf(outcome) : undefined;
    if (route !== undefined) verdict.routed = { caller, question, outcome: brief(outcome), route };
  }
}

function brief({ reason, missing, where, mirror, how }: Outcome): Answer["outcome"] {
  return { reason, missing, where, mirror, how };
}

/** A caller that the gateway does not know has come to the gateway all the same: the way is right. */
function kindOf(outcome: Outcome): "direct" | "unknown" | "blocked" | "gateway" | undefined {
  if (outcome.verdict === "in-mesh") return undefined;
  return refusedForIdentity(outcome) ? "gateway" : outcome.verdict;
}

const ROUTE = /^(VirtualService|HTTPRoute|GRPCRoute|TLSRoute|TCPRoute) /;

/** The route by which the sidecar sends the call on. */
function routeOf({ path }: Outcome): string | undefined {
  return path.find(({ at, object }) => at === "sidecar" && object !== undefined && ROUTE.test(object))?.object;
}
