import { explain } from "../explain/explain";
import type { Workload } from "../explain/types";
import type { Manifest } from "../manifest";
import { fitsSelector } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import { callOf } from "./entryCalls";
import { entryVerdicts, type PortVerdict } from "./entryVerdicts";
import type { Complaint } from "./finding";
import type { Rule, RuleContext } from "./rule";

/**
 * A ServiceEntry of the destination itself plus a VirtualService to the gateway works, until the VirtualService is
 * deleted, not exported or not yet there: then calls leave directly (Istio docs, "Egress Gateways": the layout shown
 * there). A ServiceEntry whose endpoint is the gateway cannot fail that way.
 */
export const serviceEntryFailsClosed: Rule = {
  code: "service-entry-fails-closed",
  *check(context) {
    for (const verdict of context.shared(entryVerdicts)) {
      if ("why" in verdict || verdict.direct || !verdict.routed) continue;
      const without = context.shared(meshWithoutRoutes);
      const { caller, question } = verdict.routed;
      const left = explain(without, callOf(question, caller.workload));
      if (left.verdict === "direct" && !guarded(context.mesh, caller.workload))
        yield complaint(verdict, verdict.routed.route);
    }
  },
};

/** The same objects without the routes that sidecars follow. */
function meshWithoutRoutes(context: RuleContext): Mesh {
  return context.meshOf((manifest) => !isMeshRoute(manifest));
}

/** A VirtualService of sidecars, or a Gateway API route whose parent is no Gateway (Istio API, `VirtualService.gateways`). */
function isMeshRoute({ kind, spec }: Manifest): boolean {
  const { gateways, parentRefs } = (spec ?? {}) as { gateways?: unknown; parentRefs?: { kind?: unknown }[] };
  if (kind === "VirtualService") return !Array.isArray(gateways) || gateways.length === 0 || gateways.includes("mesh");
  return (
    /^(HTTP|GRPC|TLS|TCP)Route$/.test(kind) &&
    Array.isArray(parentRefs) &&
    parentRefs.some((parent) => parent.kind !== undefined && parent.kind !== "Gateway")
  );
}

/** A NetworkPolicy that limits where the pods may send to (Kubernetes docs, "Network Policies": isolation for egress). */
function guarded(mesh: Mesh, workload: Workload): boolean {
  return mesh.objects("NetworkPolicy").some((policy) => {
    if (policy.namespace !== workload.namespace) return false;
    const types = policy.spec.at("policyTypes").texts();
    const rules = policy.spec.at("egress").list();
    if (!types.includes("Egress") && rules.length === 0) return false;
    if (rules.some((rule) => rule.at("to").list().length === 0 && rule.at("ports").list().length === 0)) return false;
    const place = { object: policy.id, field: "spec.podSelector" };
    return fitsSelector(policy.spec.at("podSelector").rawMap(), workload.labels, place);
  });
}

function complaint({ object, service, port }: PortVerdict, route = "a route"): Complaint {
  return {
    object,
    field: "spec.endpoints",
    seen: `${service.host}:${port.number}`,
    message: `only ${route} leads to the egress gateway: without it calls leave the mesh directly, and no NetworkPolicy stops them`,
    fix: "Let the ServiceEntry's endpoint be the gateway's Service, or add a NetworkPolicy that limits the egress of its callers",
  };
}
