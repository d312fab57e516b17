import { fitsSelector } from "../mesh/labels";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { podGuard } from "../objects/admission";
import { SETTINGS, SHARED_VARIABLES } from "../objects/podRules";

/**
 * Who judges the pods of a namespace on their way in. Only our own policy is known by its text: what CEL of others means,
 * nobody can say without running it.
 */
export type PodAdmission =
  | { kind: "guarded"; policy: MeshObject }
  /** Our policy, whose binding only warns. */
  | { kind: "warns"; binding: MeshObject }
  /** Our policy, changed. */
  | { kind: "changed"; policy: MeshObject }
  /** Policies of others that deny something about pods. */
  | { kind: "not judged"; policy: MeshObject }
  | { kind: "none" };

const ORDER: PodAdmission["kind"][] = ["guarded", "warns", "changed", "not judged", "none"];

export function podAdmission(mesh: Mesh, namespace: string): PodAdmission {
  const found = mesh
    .objects("ValidatingAdmissionPolicyBinding")
    .filter((binding) => holdsFor(mesh, binding, namespace))
    .flatMap((binding) => judgement(mesh, binding));
  return found.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))[0] ?? { kind: "none" };
}

function holdsFor(mesh: Mesh, binding: MeshObject, namespace: string): boolean {
  const selector = binding.spec.at("matchResources").at("namespaceSelector");
  const place = { object: binding.id, field: selector.path };
  return fitsSelector(selector.rawMap(), mesh.namespaceLabels(namespace), place);
}

function judgement(mesh: Mesh, binding: MeshObject): PodAdmission[] {
  const policy = policyNamed(mesh, binding.spec.at("policyName").text());
  if (!policy || !aboutPods(policy)) return [];
  const denies = binding.spec.at("validationActions").texts().includes("Deny");
  if (policy.label("app.kubernetes.io/managed-by") !== "controlled-egress")
    return denies ? [{ kind: "not judged", policy }] : [];
  if (!ours(policy)) return [{ kind: "changed", policy }];
  return denies && !narrowed(binding) ? [{ kind: "guarded", policy }] : [{ kind: "warns", binding }];
}

/** Few in any cluster. */
function policyNamed(mesh: Mesh, name: string): MeshObject | undefined {
  return mesh.objects("ValidatingAdmissionPolicy").find((object) => object.name === name);
}

function aboutPods(policy: MeshObject): boolean {
  return policy.spec
    .at("matchConstraints")
    .at("resourceRules")
    .list()
    .some((rule) =>
      rule
        .at("resources")
        .texts()
        .some((name) => name === "*" || name === "*/*" || name.startsWith("pods")),
    );
}

/** Limits by which a binding leaves some pods out. */
function narrowed(binding: MeshObject): boolean {
  const resources = binding.spec.at("matchResources");
  const objects = resources.at("objectSelector").rawMap();
  return (
    Object.values(objects).some((part) => part !== undefined && Object.keys(part as object).length > 0) ||
    resources.at("excludeResourceRules").list().length > 0 ||
    resources.at("resourceRules").list().length > 0
  );
}

/** Our policy to the letter, but for the settings of a configuration; the API server's own defaults do no harm. */
function ours(policy: MeshObject): boolean {
  const spec = policy.spec.rawMap() as { variables?: { name: string }[] };
  const settings: readonly string[] = SETTINGS;
  const expected = podGuard([...SHARED_VARIABLES]);
  const variables = (spec.variables ?? []).filter(({ name }) => !settings.includes(name));
  const constraints = (policy.spec.at("matchConstraints").rawMap() ?? {}) as Record<string, unknown>;
  const wide = ["namespaceSelector", "objectSelector"].every(
    (key) => Object.keys((constraints[key] ?? {}) as object).length === 0,
  );
  return (
    wide &&
    constraints.excludeResourceRules === undefined &&
    includes({ ...spec, variables }, expected) &&
    JSON.stringify(spec.variables?.map(({ name }) => name).filter((name) => settings.includes(name))) ===
      JSON.stringify(settings)
  );
}

/** Whether all of `part` is in `whole`; lists must be of one length. */
function includes(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part))
    return Array.isArray(whole) && whole.length === part.length && part.every((each, i) => includes(whole[i], each));
  if (typeof part === "object" && part !== null)
    return Object.entries(part).every(([key, value]) =>
      includes((whole as Record<string, unknown> | undefined)?.[key], value),
    );
  return whole === part;
}
