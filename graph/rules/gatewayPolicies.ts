import type { GatewayObject } from "../mesh/gateway";
import { fitsSelector } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { isGateway } from "./egressGateways";

/** Policies of the namespace of the gateway's pods and of the root namespace that fit those pods. */
export function policiesOf(mesh: Mesh, gateway: GatewayObject): MeshObject[] {
  const pods = podsOf(mesh, gateway);
  const found = pods.flatMap(({ namespace, labels }) =>
    [...new Set([namespace, mesh.config.rootNamespace])]
      .flatMap((place) => mesh.policyCandidates(place, labels))
      .filter((policy) => targets(policy, gateway) ?? selects(policy, labels)),
  );
  return [...new Set(found)];
}

export interface PodLabels {
  namespace: string;
  labels: Record<string, unknown>;
}

/** The gateway's pods; where they are not here, what its selector says about them. */
export function podsOf(mesh: Mesh, gateway: GatewayObject): PodLabels[] {
  const selector = gateway.selector ?? {};
  const place = { object: gateway.object.id, field: "spec.selector" };
  const known = mesh.pods.filter(
    (pods) => isGateway(pods) && fitsSelector({ matchLabels: selector }, pods.labels, place),
  );
  return known.length > 0 ? known : [{ namespace: gateway.namespace, labels: selector }];
}

function selects(policy: MeshObject, labels: Record<string, unknown>): boolean {
  const selector = policy.spec.at("selector").at("matchLabels").rawMap();
  return fitsSelector({ matchLabels: selector }, labels, { object: policy.id, field: "spec.selector" });
}

/** `targetRefs` bind a policy to Gateway API's Gateways by name, and to nothing else; undefined: it has none. */
function targets(policy: MeshObject, gateway: GatewayObject): boolean | undefined {
  const single = policy.spec.at("targetRef");
  const refs = [...policy.spec.at("targetRefs").list(), ...(single.present ? [single] : [])];
  if (refs.length === 0) return undefined;
  return refs.some(
    (ref) => ref.at("kind").text() === "Gateway" && `${policy.namespace}/${ref.at("name").text()}` === gateway.key,
  );
}

/** `ALLOW`, which is also what a policy without `action` does, and in force (Istio docs, "Dry Run"). */
export function allowsInForce(policy: MeshObject): boolean {
  return ["", "ALLOW"].includes(policy.spec.at("action").text()) && policy.annotation("istio.io/dry-run") !== "true";
}
