import type { MeshObject } from "../mesh/object";
import { gatewayNamespaces } from "./egressGateways";
import { injection } from "./injection";
import { defaultSidecars } from "./namespaceDeniesByDefault";
import type { RuleContext } from "./rule";

/**
 * Namespaces whose pods are held by sidecars: those with a Sidecar for every pod, by the object that says so (the Namespace, else the
 * Sidecar). Not those of gateways, and not those whose pods get no sidecar.
 */
export function controlledNamespaces(context: RuleContext): Map<string, MeshObject> {
  const { mesh } = context;
  const gateways = context.shared(gatewayNamespaces);
  const found = new Map<string, MeshObject>();
  for (const [namespace, sidecar] of context.shared(defaultSidecars)) {
    if (namespace === mesh.config.rootNamespace || gateways.has(namespace) || injection(mesh, namespace) === "off")
      continue;
    found.set(namespace, mesh.namespaces.get(namespace) ?? sidecar);
  }
  return found;
}
