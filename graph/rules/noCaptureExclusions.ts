import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";
import { isGateway, templateOf } from "./egressGateways";
import type { Complaint } from "./finding";
import { injection } from "./injection";
import { decided, istioObjects, type Rule, type RuleContext } from "./rule";

/** The proxy's own user and group: their traffic is never captured (Istio docs, "Application Requirements"). */
const PROXY_ID = 1337;
const CAPTURE = "traffic.sidecar.istio.io";

/** Annotations that keep traffic from the sidecar, and the value that does not (Istio docs, "Resource Annotations"). */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  [`${CAPTURE}/excludeOutboundPorts`]: "",
  [`${CAPTURE}/excludeOutboundIPRanges`]: "",
  [`${CAPTURE}/excludeInterfaces`]: "",
  [`${CAPTURE}/includeOutboundIPRanges`]: "*",
  "sidecar.istio.io/interceptionMode": "REDIRECT",
  "sidecar.istio.io/inject": "true",
};
/** Other values that capture all the same. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = { "sidecar.istio.io/interceptionMode": ["TPROXY", ""] };

export const noCaptureExclusions: Rule = {
  code: "no-capture-exclusions",
  *check(context) {
    const controlled = context.shared(controlledNamespaces);
    for (const pods of context.mesh.pods) {
      if (!controlled.has(pods.namespace) || isGateway(pods) || !context.judged(pods.object)) continue;
      yield* decided(pods.object, () => complaints(pods.object));
    }
  },
};

/** Namespaces that get sidecars by their label, or that have a Sidecar. */
function controlledNamespaces(context: RuleContext): Set<string> {
  const labelled = [...context.mesh.namespaces.keys()].filter((name) =>
    ["on", "undecided"].includes(injection(context.mesh, name)),
  );
  const scoped = istioObjects(context, "Sidecar").map((object) => object.namespace);
  return new Set([...labelled, ...scoped.filter((name) => name !== context.mesh.config.rootNamespace)]);
}

function* complaints(object: MeshObject): Iterable<Complaint> {
  const template = templateOf(object);
  const { path } = template;
  const at = (field: string) => (path === "" ? field : `${path}.${field}`);
  yield* annotations(object, template.at("metadata").at("annotations"));
  const label = template.at("metadata").at("labels").at("sidecar.istio.io/inject");
  if (label.text() === "false")
    yield complaint(object, label.path, "false", "its pods get no sidecar", "Remove the label");
  const spec = template.at("spec");
  if (spec.at("hostNetwork").flag())
    yield complaint(
      object,
      at("spec.hostNetwork"),
      "true",
      "pods on the host's network get no sidecar",
      "Set it to false",
    );
  yield* identities(object, spec);
}

function* annotations(object: MeshObject, values: Value): Iterable<Complaint> {
  for (const [key, capturing] of Object.entries(ANNOTATIONS)) {
    const value = values.at(key);
    if (!value.present || value.text() === capturing || HARMLESS[key]?.includes(value.text())) continue;
    const message =
      key === "sidecar.istio.io/inject"
        ? "its pods get no sidecar"
        : "traffic passes by the sidecar, and no rule of the mesh holds for it";
    yield complaint(object, value.path, value.text(), message, "Remove the annotation");
  }
}

function* identities(object: MeshObject, spec: Value): Iterable<Complaint> {
  const containers = [...spec.at("initContainers").list(), ...spec.at("containers").list()];
  const own = containers.filter(
    (container) => !["istio-proxy", "istio-init", "istio-validation"].includes(container.at("name").text()),
  );
  for (const holder of [spec, ...own]) {
    for (const key of ["runAsUser", "runAsGroup"]) {
      const id = holder.at("securityContext").at(key);
      if (id.number() !== PROXY_ID) continue;
      const message = "that is the sidecar's own, whose traffic is never captured";
      yield complaint(object, id.path, String(PROXY_ID), message, "Use any other number");
    }
  }
}

function complaint(object: MeshObject, field: string, seen: string, message: string, fix: string): Complaint {
  return { object, field, seen, message, fix };
}
