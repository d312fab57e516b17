import type { Manifest } from "../manifest";

/** A manifest and where it came from. `UNKNOWN` may stand in it for any value below `metadata.name`. */
export interface SourcedManifest {
  manifest: Manifest;
  /** For messages: "file:line", a Pulumi URN, or "live". */
  source?: string;
}

/** What manifests alone do not say. Every field has Istio's default. */
export interface MeshOptions {
  /**
   * Parts of MeshConfig (Istio API `istio.mesh.v1alpha1.MeshConfig`), laid over what the mesh finds by itself: the ConfigMap `istio`
   * of the root namespace, else `meshConfig` of an istiod Helm release, else Istio's defaults.
   */
  meshConfig?: Record<string, unknown>;
  /** DNS suffix of Services; default "cluster.local". */
  clusterDomain?: string;
  /** Default: MeshConfig `trustDomain`, else "cluster.local". */
  trustDomain?: string;
  /** Default: MeshConfig `rootNamespace`, else "istio-system". */
  rootNamespace?: string;
  /** istiod's revision; objects labelled `istio.io/rev` otherwise are ignored. Default "default". */
  revision?: string;
  /** Reads `data.mesh` of the ConfigMap `istio` when it is text. Without it, text is an input that is not known yet, as `UNKNOWN` is. */
  parseYaml?: (text: string) => unknown;
}
