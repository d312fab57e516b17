/**
 * Objects that the API server would refuse, where the call meets them: nobody can say what is in the cluster instead (nothing, or an
 * older version of the object), so the answer is "unknown" and names the fault.
 */
import { overlaps } from "../mesh/hosts";
import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { Service } from "../mesh/service";
import type { GatewayProxy } from "./gatewayProxy";
import type { Stage } from "./types";
import { authorityOf, hostOf } from "./virtualHost";
import type { Walk } from "./walk";

function refuse(walk: Walk, stage: Stage, meets: (object: MeshObject) => boolean): void {
  for (const [object, why] of walk.mesh.invalid) if (meets(object)) throw walk.refused(stage, object, why);
}

/** Sidecars of the namespace, and ServiceEntries and VirtualServices that name the host. */
export function refuseForClient(walk: Walk): void {
  if (walk.mesh.invalid.size === 0) return;
  const { call, mesh } = walk;
  const name = call.protocol === "tls" && call.sni ? call.sni : hostOf(authorityOf(walk));
  const named = (object: MeshObject): boolean =>
    object.spec
      .at("hosts")
      .texts()
      .some((host) => overlaps(host.toLowerCase(), name));
  refuse(walk, "sidecar-scope", (object) => {
    if (object.kind === "Sidecar")
      return [call.workload.namespace, mesh.config.rootNamespace].includes(object.namespace);
    return (object.kind === "ServiceEntry" || object.kind === "VirtualService") && named(object);
  });
}

/** DestinationRules for a service. */
export function refuseForService(walk: Walk, service: Service): void {
  if (walk.mesh.invalid.size === 0) return;
  refuse(
    walk,
    "transport",
    (object) => object.kind === "DestinationRule" && overlaps(object.spec.at("host").text(), service.host),
  );
}

/** Gateways that select a gateway's pods. */
export function refuseForGateway(walk: Walk, { group }: GatewayProxy): void {
  if (walk.mesh.invalid.size === 0) return;
  refuse(
    walk,
    "gateway-listener",
    (object) =>
      object.kind === "Gateway" &&
      fits(object.spec.at("selector").rawMap(), group.labels, { object: object.id, field: "spec.selector" }),
  );
}
