import { seenFrom } from "../mesh/exportTo";
import type { Service } from "../mesh/service";
import type { Complaint } from "./finding";
import type { RuleContext } from "./rule";

const USE = "istio.io/use-waypoint";

/** Namespaces whose pods have no sidecar but the node's ztunnel (Istio docs, "Add workloads to an ambient mesh"). */
export function ambientNamespaces({ mesh }: RuleContext): string[] {
  return [...mesh.namespaces.values()]
    .filter((namespace) => namespace.label("istio.io/dataplane-mode") === "ambient")
    .map((namespace) => namespace.name);
}

/**
 * In ambient mode a waypoint is the egress gateway: ztunnel sends to the one that the ServiceEntry, or its namespace,
 * names by the label `istio.io/use-waypoint`, and straight out where there is none (Istio docs, "Ambient: egress
 * gateways"). Routes of sidecars count for nothing there.
 */
export function* ambientComplaint(context: RuleContext, service: Service): Iterable<Complaint> {
  const caller = context.shared(ambientNamespaces).find((namespace) => seenFrom(service.exports, namespace));
  if (caller === undefined) return;
  const missing = missingWaypoint(context, service);
  if (missing === undefined) return;
  yield {
    object: service.object,
    field: "metadata.labels",
    seen: service.host,
    message: `pods of the ambient namespace ${caller} reach ${service.host} without an egress gateway: ${missing}`,
    fix: `Label it ${USE} with the name of a Gateway of class istio-waypoint in namespace ${service.namespace}`,
  };
}

/** What is wrong with the waypoint; undefined: it is there. */
function missingWaypoint(context: RuleContext, { object, namespace }: Service): string | undefined {
  const own = object.label(USE);
  const holder = own === "" ? context.mesh.namespaces.get(namespace) : object;
  const name = holder?.label(USE) ?? "";
  if (name === "" || name === "none") return `neither it nor namespace ${namespace} is labelled ${USE}`;
  const place = holder?.label(`${USE}-namespace`) || namespace;
  return context.shared(waypoints).has(`${place}/${name}`)
    ? undefined
    : `there is no waypoint ${place}/${name}, which its label names`;
}

/** Gateway API's Gateways of a waypoint class, `namespace/name`. */
function waypoints({ mesh }: RuleContext): Set<string> {
  const found = mesh
    .objects("Gateway")
    .filter((object) => object.group === "gateway.networking.k8s.io")
    .filter((object) => /waypoint/.test(object.spec.at("gatewayClassName").text()));
  return new Set(found.map((object) => `${object.namespace}/${object.name}`));
}
