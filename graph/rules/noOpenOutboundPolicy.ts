import type { MeshObject } from "../mesh/object";
import { SidecarResource } from "../mesh/sidecar";
import type { Complaint } from "./finding";
import { meshConfigObjects } from "./meshConfigObjects";
import { each, istioObjects, type Rule, type RuleContext } from "./rule";

const CLOSED = "REGISTRY_ONLY";

/**
 * Hosts that the mesh does not know stay out of reach (Istio API, `MeshConfig.outboundTrafficPolicy`,
 * `Sidecar.outboundTrafficPolicy`; a Sidecar that says nothing takes the mesh's, whose own default is ALLOW_ANY).
 */
export const noOpenOutboundPolicy: Rule = {
  code: "no-open-outbound-policy",
  *check(context) {
    yield* each(context, meshConfigObjects(context), (object) => meshPolicy(context, object));
    yield* each(context, istioObjects(context, "Sidecar"), (object) => sidecarPolicy(context, object));
  },
};

function* meshPolicy({ mesh }: RuleContext, object: MeshObject): Iterable<Complaint> {
  const mode = mesh.config.outboundMode;
  if (mode === CLOSED) return;
  const set = mesh.config.value("outboundTrafficPolicy").present;
  yield {
    object,
    field:
      object.kind === "Release"
        ? "spec.values.meshConfig.outboundTrafficPolicy.mode"
        : "data.mesh: outboundTrafficPolicy.mode",
    seen: set ? mode : `absent, which means ${mode}`,
    message: "pods without a Sidecar of their own may call every host outside",
    fix: `Set it to ${CLOSED}`,
  };
}

function* sidecarPolicy(context: RuleContext, object: MeshObject): Iterable<Complaint> {
  const own = new SidecarResource(object).outboundMode;
  if (own === CLOSED) return;
  const field = "spec.outboundTrafficPolicy.mode";
  const fix = `Set it to ${CLOSED}`;
  if (own !== undefined) {
    yield { object, field, seen: own, message: "its pods may call every host outside", fix };
    return;
  }
  if (context.mesh.config.outboundMode === CLOSED) return;
  const known = meshConfigObjects(context).length > 0;
  const whose = known
    ? "the mesh config, which is open"
    : "the mesh config, which is not among these objects and open by default";
  yield {
    object,
    field,
    seen: "absent",
    message: `it takes the mode of ${whose}: its pods may call every host outside`,
    fix,
  };
}
