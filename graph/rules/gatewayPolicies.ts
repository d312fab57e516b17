import type { GatewayObject } from "../mesh/gateway";
import { LabelIndex } from "../mesh/labelIndex";
import { fitsSelector } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { once } from "../mesh/once";
import type { Pods } from "../mesh/workload";
import { isGateway } from "./egressGateways";
import type { Complaint } from "./finding";
import { decided, type RuleContext } from "./rule";

export interface PodLabels {
  namespace: string;
  labels: Record<string, unknown>;
}

/** Policies that hold for any of the gateway's pods. */
export function policiesOf(mesh: Mesh, gateway: GatewayObject): MeshObject[] {
  return [...new Set(podsOf(mesh, gateway).flatMap((pods) => policiesOfPods(mesh, pods)))];
}

/** Policies of the namespace of the pods and of the root namespace that fit those pods. */
export function policiesOfPods(mesh: Mesh, { namespace, labels }: PodLabels): MeshObject[] {
  return [...new Set([namespace, mesh.config.rootNamespace])]
    .flatMap((place) => mesh.policyCandidates(place, labels))
    .filter((policy) => targets(policy, { namespace, labels }) ?? selects(policy, labels));
}

/** What is to complain about the policies of some gateways: each policy once, however many gateways it holds for. */
export function* complaintsOfPolicies(
  context: RuleContext,
  gateways: readonly GatewayObject[],
  concerns: (policy: MeshObject) => boolean,
  complaints: (policy: MeshObject, gateway: GatewayObject) => Iterable<Complaint>,
): Iterable<Complaint> {
  const told = new Set<MeshObject>();
  for (const gateway of gateways) {
    yield* decided(gateway.object, function* () {
      for (const policy of policiesOf(context.mesh, gateway)) {
        if (told.has(policy) || !concerns(policy) || !context.judged(policy)) continue;
        told.add(policy);
        yield* decided(policy, () => complaints(policy, gateway));
      }
    });
  }
}

/** The gateway's pods; where they are not here, what its selector says about them. */
export function podsOf(mesh: Mesh, gateway: GatewayObject): PodLabels[] {
  const candidates = gatewayPods(mesh).candidates(gateway.services === undefined ? (gateway.selector ?? {}) : {});
  const known = candidates.filter((pods) => configures(mesh, gateway, pods));
  return known.length > 0 ? known : [{ namespace: gateway.namespace, labels: gateway.selector ?? {} }];
}

const gatewayPods = once((mesh: Mesh): LabelIndex<Pods> => {
  const index = new LabelIndex<Pods>();
  for (const pods of mesh.pods) if (isGateway(pods)) index.add(pods.labels, pods);
  return index;
});

/** By its selector; one of Gateway API by the Services that it has. */
function configures(mesh: Mesh, gateway: GatewayObject, { namespace, labels }: PodLabels): boolean {
  const { services, selector = {} } = gateway;
  if (services === undefined) return fitsSelector({ matchLabels: selector }, labels, placeOf(gateway.object));
  return mesh
    .serviceCandidates(namespace, labels)
    .some(
      ({ host, selector = {}, object }) =>
        services.includes(host) && fitsSelector({ matchLabels: selector }, labels, placeOf(object)),
    );
}

function selects(policy: MeshObject, labels: Record<string, unknown>): boolean {
  const selector = policy.spec.at("selector").at("matchLabels").rawMap();
  return fitsSelector({ matchLabels: selector }, labels, placeOf(policy));
}

function placeOf({ id }: MeshObject): { object: string; field: string } {
  return { object: id, field: "spec.selector" };
}

/** `targetRefs` bind a policy to pods of Gateway API's Gateways by name, and to nothing else; undefined: it has none. */
function targets(policy: MeshObject, { namespace, labels }: PodLabels): boolean | undefined {
  const refs = [...policy.spec.at("targetRefs").list(), policy.spec.at("targetRef")].filter((ref) => ref.present);
  if (refs.length === 0) return undefined;
  const name = labels["gateway.networking.k8s.io/gateway-name"];
  return (
    policy.namespace === namespace &&
    refs.some((ref) => ref.at("kind").text() === "Gateway" && ref.at("name").text() === name)
  );
}

/** `ALLOW`, which is also what a policy without `action` does, and in force (Istio docs, "Dry Run"). */
export function allowsInForce(policy: MeshObject): boolean {
  return ["", "ALLOW"].includes(policy.spec.at("action").text()) && policy.annotation("istio.io/dry-run") !== "true";
}
