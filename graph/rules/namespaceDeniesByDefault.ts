import type { MeshObject } from "../mesh/object";
import { SidecarResource } from "../mesh/sidecar";
import { Undecided } from "../mesh/unknown";
import { gatewayNamespaces } from "./egressGateways";
import type { Complaint } from "./finding";
import { injection } from "./injection";
import { decided, istioObjects, type Rule, type RuleContext } from "./rule";

/**
 * Pods that no Sidecar selects see every ServiceEntry that is exported to them (Istio API, `Sidecar`): an injected
 * namespace needs a Sidecar without selector, of its own or in the root namespace.
 */
export const namespaceDeniesByDefault: Rule = {
  code: "namespace-denies-by-default",
  *check(context) {
    const covered = context.shared(defaultSidecars);
    if (covered.has(context.mesh.config.rootNamespace)) return;
    const gateways = context.shared(gatewayNamespaces);
    for (const [namespace, object] of injectedNamespaces(context)) {
      if (covered.has(namespace) || gateways.has(namespace) || !context.judged(object)) continue;
      yield* decided(object, () => complaint(context, object, namespace));
    }
  },
};

/** Namespaces with a Sidecar for every pod. */
export function defaultSidecars(context: RuleContext): Map<string, MeshObject> {
  const found = new Map<string, MeshObject>();
  for (const object of istioObjects(context, "Sidecar")) {
    if (!selects(object)) found.set(object.namespace, object);
  }
  return found;
}

/** An empty selector takes every pod; one that is not known yet may take any. */
function selects(object: MeshObject): boolean {
  try {
    const selector = new SidecarResource(object).selector;
    return selector !== undefined && Object.keys(selector).length > 0;
  } catch (error) {
    if (error instanceof Undecided) return true;
    throw error;
  }
}

/** Namespaces whose pods get sidecars, each with the object that says so: the Namespace, else a Sidecar meant for some of them. */
function injectedNamespaces(context: RuleContext): Map<string, MeshObject> {
  const found = new Map<string, MeshObject>();
  for (const object of context.mesh.namespaces.values()) {
    if (injection(context.mesh, object.name) !== "off") found.set(object.name, object);
  }
  for (const object of istioObjects(context, "Sidecar")) {
    const { namespace } = object;
    if (!context.mesh.namespaces.has(namespace) && !found.has(namespace)) found.set(namespace, object);
  }
  return found;
}

function* complaint({ mesh }: RuleContext, object: MeshObject, namespace: string): Iterable<Complaint> {
  if (object.namespaceUnknown) throw object.namespaceUnknown;
  if (injection(mesh, namespace) === "undecided") throw new Undecided(object.id, "metadata.labels");
  yield {
    object,
    field: object.kind === "Namespace" ? "" : "spec.workloadSelector",
    seen: "no Sidecar without workloadSelector",
    message: `pods of namespace ${namespace} that no Sidecar selects may call every ServiceEntry exported to them`,
    fix: `Add a Sidecar to ${namespace} without workloadSelector, with hosts ["./*"] and outboundTrafficPolicy REGISTRY_ONLY`,
  };
}
