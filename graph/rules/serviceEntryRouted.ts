import type { MeshObject } from "../mesh/object";
import { ambientComplaint, ambientNamespaces } from "./ambient";
import { type Answer, entryVerdicts, outsideServices, type PortVerdict } from "./entryVerdicts";
import { type Complaint, undecided } from "./finding";
import { decided, istioObjects, type Rule } from "./rule";

/**
 * The rule that this project is for. It asks the engine (graph/explain) what becomes of every kind of call that a
 * workload can make to a ServiceEntry's hosts and ports, so a route, an endpoint, a Gateway or a policy that is missing
 * or wrong shows by what it does, whatever layout is used.
 */
export const serviceEntryRouted: Rule = {
  code: "service-entry-routed-by-egress-gateway",
  *check(context) {
    for (const object of istioObjects(context, "ServiceEntry")) {
      const why = context.mesh.invalid.get(object);
      if (why !== undefined && context.judged(object)) yield refused(object, why);
    }
    if (context.shared(ambientNamespaces).length > 0) {
      for (const service of outsideServices(context))
        yield* decided(service.object, () => ambientComplaint(context, service));
    }
    for (const verdict of context.shared(entryVerdicts)) {
      if ("why" in verdict) yield undecided(verdict.object, verdict.why);
      else yield* complaints(verdict);
    }
  },
};

function* complaints(verdict: PortVerdict): Iterable<Complaint> {
  const { direct, unknown, gateway, blocked } = verdict;
  if (direct) yield leak(verdict, direct);
  else if (unknown) yield unclear(verdict, unknown);
  if (blocked && !gateway) yield unrouted(verdict, blocked);
}

function leak(verdict: PortVerdict, { caller, question, outcome }: Answer): Complaint {
  const way = outcome.mirror ? "a copy of each request leaves" : "calls leave";
  return {
    ...place(verdict),
    message: `${caller.who} reaches ${question.host}:${question.port} without an egress gateway: ${way} the mesh directly${because(outcome.missing ?? outcome.reason)}`,
    fix: "Route it to an egress gateway for all its callers, or let exportTo name those alone that are routed. If another stack owns the gateway, name its manifests in the option manifests",
  };
}

function unrouted(verdict: PortVerdict, { caller, question, outcome }: Answer): Complaint {
  return {
    ...place(verdict),
    message: `no egress gateway routes ${question.host}:${question.port}: calls of ${caller.who} end at ${outcome.where ?? "the sidecar"}${because(outcome.missing ?? outcome.reason)}`,
    fix: "Complete the chain, or remove the ServiceEntry",
  };
}

function unclear(verdict: PortVerdict, { caller, question, outcome }: Answer): Complaint {
  return {
    ...place(verdict),
    message: `whether ${caller.who} reaches ${question.host}:${question.port} only through an egress gateway cannot be decided${because(outcome.missing ?? outcome.reason)}`,
    ...(outcome.how === "input"
      ? { fix: "Use values that are known at preview, or set the option unknowns to advise", undecided: true as const }
      : { fix: "Let somebody judge it by hand, and exempt it with that reason and a day" }),
  };
}

function refused(object: MeshObject, why: string): Complaint {
  return {
    object,
    field: "spec",
    seen: "not valid",
    message: `Istio refuses it: ${why}`,
    fix: "Correct it, so that it can be judged",
  };
}

function place({ object, service, port }: PortVerdict): Pick<Complaint, "object" | "field" | "seen"> {
  return { object, field: "spec.hosts", seen: `${service.host}:${port.number} ${port.protocol.toUpperCase()}` };
}

function because(reason: string): string {
  return reason === "" ? "" : ` (${reason.replace(/\.$/, "")})`;
}
