import type { Manifest } from "../../graph/manifest";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import { UNKNOWN } from "../../graph/mesh/unknown";
import { isManifest, listItems, named, withListType } from "./lists";
import { foldPatches, type Patch } from "./patches";
import type { PlainResource } from "./plainResource";
import { releaseManifest } from "./release";

/**
 * `…:GROUP/VERSION:Kind`, whatever the package in front: a provider's CRD extension has a name of its own, and
 * crd2pulumi and CustomResource say `kubernetes` (Pulumi docs, "Resource names: type tokens").
 */
const TOKEN = /^[^:]+:([^:/]+)\/(v[^:/]+):(\w+)$/;
const RELEASE = /^[^:]+:helm\.sh\/v3:Release$/;
/** Groups that are no API of a cluster: Pulumi's own components, whose children are resources themselves. */
const COMPONENTS = new Set(["helm.sh", "yaml", "kustomize", "helm"]);
/** Never read: nothing here decides anything, and Secrets are nobody's business. */
const IGNORED = new Set(["Secret", "CustomResourceDefinition"]);

/**
 * The Kubernetes objects that a stack's resources stand for, each with its URN as source. An object is recognised by
 * apiVersion and kind in its props, and by its type token where these are not known; lists are split; patches are
 * folded over their target. `context` are objects of other stacks, which patches may aim at.
 */
export function manifestsOf(resources: readonly PlainResource[], context: readonly SourcedManifest[] = []) {
  const objects: SourcedManifest[] = [];
  const patches: Patch[] = [];
  for (const resource of resources) collect(resource, objects, patches);
  return foldPatches(objects, patches, context);
}

function collect(resource: PlainResource, objects: SourcedManifest[], patches: Patch[]): void {
  if (RELEASE.test(resource.type)) {
    objects.push({ manifest: releaseManifest(resource), source: resource.urn });
    return;
  }
  const typed = withType(resource);
  if (typed === undefined) return;
  for (const value of itemsOf(typed.value)) {
    if (value === UNKNOWN) objects.push({ manifest: anything(resource), source: resource.urn });
    else add(resource, value, typed.patch, objects, patches);
  }
}

/** The objects of a list, or the object itself; `UNKNOWN` for what may be any object. */
function itemsOf(value: Record<string, unknown>): unknown[] {
  if (/List$/.test(String(value.kind)) && value.items === UNKNOWN) return [UNKNOWN];
  const items = listItems(value);
  if (items === undefined) return [value];
  return items.map((item) => (item === UNKNOWN ? UNKNOWN : withListType(item, value)));
}

/** Stands for an object that is not known at all: the kind that a rule must not let pass unseen. */
function anything({ name, providerNamespace }: PlainResource): Manifest {
  const metadata = { name, namespace: providerNamespace } as Manifest["metadata"];
  return { apiVersion: "networking.istio.io/v1", kind: "ServiceEntry", metadata, spec: UNKNOWN };
}

function add(resource: PlainResource, value: unknown, patch: boolean, objects: SourcedManifest[], patches: Patch[]) {
  if (!isManifest(value) || IGNORED.has(value.kind)) return;
  const manifest = withIdentity(value, resource);
  if (patch) patches.push({ manifest, source: resource.urn });
  else objects.push({ manifest, source: resource.urn });
}

interface Typed {
  value: Record<string, unknown>;
  patch: boolean;
}

/** The props with apiVersion and kind: their own, else the token's. Nothing for what is no Kubernetes object. */
function withType({ type, props }: PlainResource): Typed | undefined {
  const token = TOKEN.exec(type);
  const [, group = "", version = "", tokenKind = ""] = token ?? [];
  const own = typeof props.apiVersion === "string" && typeof props.kind === "string";
  if (!own && (token === null || COMPONENTS.has(group))) return undefined;
  if (type.startsWith("pulumi:")) return undefined;
  const bare = tokenKind.replace(/Patch$/, "");
  const kind = own ? String(props.kind) : bare;
  const apiVersion = own ? String(props.apiVersion) : group === "core" ? version : `${group}/${version}`;
  const patch = tokenKind.endsWith("Patch") && kind !== tokenKind;
  return { value: { ...withoutInternals(props), apiVersion, kind: kind.replace(/Patch$/, "") }, patch };
}

/** The provider keeps `__initialApiVersion`, `__inputs` and the like among the outputs. */
function withoutInternals(props: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(props).filter(([key]) => !key.startsWith("__")));
}

/** A name that is not known yet is the logical one, which no reference can hit; unknown metadata hides labels too. */
function withIdentity(manifest: Manifest, { name, providerNamespace }: PlainResource): Manifest {
  const raw = manifest.metadata as unknown;
  if (raw === UNKNOWN) {
    return { ...manifest, metadata: { name, namespace: UNKNOWN, labels: UNKNOWN } as unknown as Manifest["metadata"] };
  }
  const meta = { ...(raw as Record<string, unknown> | undefined) };
  if (meta.name === UNKNOWN) meta.name = name;
  if ((meta.namespace === undefined || meta.namespace === null) && providerNamespace !== undefined)
    meta.namespace = providerNamespace;
  return named({ ...manifest, metadata: meta as unknown as Manifest["metadata"] });
}
