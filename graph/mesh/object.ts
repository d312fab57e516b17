import type { SourcedManifest } from "./sourced";
import { UNKNOWN, Undecided } from "./unknown";
import { Value } from "./value";

/** A manifest with its identity worked out. Everything else is read when a question needs it. */
export class MeshObject {
  readonly kind: string;
  /** API group: apiVersion without its version ("" for the core group). All versions of a group mean the same. */
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly source?: string;
  /** Milliseconds; undefined for a manifest that was never applied. */
  readonly created?: number;
  readonly root: Value;

  constructor(sourced: SourcedManifest) {
    const { manifest } = sourced;
    this.kind = String(manifest.kind);
    this.group = manifest.apiVersion.slice(0, Math.max(0, manifest.apiVersion.indexOf("/")));
    const meta = manifest.metadata ?? { name: "" };
    this.name = String(meta.name ?? "");
    this.namespace = typeof meta.namespace === "string" && meta.namespace !== "" ? meta.namespace : "default";
    this.source = sourced.source;
    const created = typeof meta.creationTimestamp === "string" ? Date.parse(meta.creationTimestamp) : Number.NaN;
    this.created = Number.isNaN(created) ? undefined : created;
    this.root = new Value(this, "", manifest);
    if ((meta.namespace as unknown) === UNKNOWN) this.namespaceUnknown = new Undecided(this.id, "metadata.namespace");
  }

  /** Set when even the namespace is not known yet. */
  readonly namespaceUnknown?: Undecided;

  /** "Kind namespace/name". */
  get id(): string {
    this.memoId ??=
      this.kind === "Namespace" ? `Namespace ${this.name}` : `${this.kind} ${this.namespace}/${this.name}`;
    return this.memoId;
  }
  private memoId?: string;

  get spec(): Value {
    return this.root.at("spec");
  }

  /** Labels, values possibly `UNKNOWN`. */
  get labels(): Record<string, unknown> {
    return this.root.at("metadata").at("labels").rawMap();
  }

  label(key: string): string {
    return this.root.at("metadata").at("labels").at(key).text();
  }

  annotation(key: string): string {
    return this.root.at("metadata").at("annotations").at(key).text();
  }
}
