import { chartName } from "./helmRelease";
import { MeshObject } from "./object";
import type { MeshOptions, SourcedManifest } from "./sourced";
import { UNKNOWN } from "./unknown";
import { Value } from "./value";

export type OutboundMode = "REGISTRY_ONLY" | "ALLOW_ANY" | "ALLOW_ANY_DYNAMIC_DNS";

/** MeshConfig in effect (Istio API `istio.mesh.v1alpha1.MeshConfig`), with Istio's defaults (`pkg/config/mesh/mesh.go`). */
export class MeshConfig {
  readonly clusterDomain: string;
  readonly trustDomain: string;
  readonly rootNamespace: string;
  readonly revision: string;

  /** Layers, the strongest first. */
  constructor(
    private readonly layers: Value[],
    options: MeshOptions,
  ) {
    this.clusterDomain = options.clusterDomain ?? "cluster.local";
    this.trustDomain = options.trustDomain ?? (this.value("trustDomain").text() || "cluster.local");
    this.rootNamespace = options.rootNamespace ?? (this.value("rootNamespace").text() || "istio-system");
    this.revision = options.revision ?? "default";
  }

  /** A top-level field, from the strongest layer that has it. */
  value(key: string): Value {
    const layer = this.layers.find((candidate) => candidate.at(key).present);
    return (layer ?? NONE).at(key);
  }

  get outboundMode(): OutboundMode {
    const policy = this.value("outboundTrafficPolicy");
    if (!policy.present) return "ALLOW_ANY";
    return modeOf(policy);
  }

  get defaultServiceExportTo(): string[] {
    return this.value("defaultServiceExportTo").texts();
  }

  get defaultVirtualServiceExportTo(): string[] {
    return this.value("defaultVirtualServiceExportTo").texts();
  }

  get defaultDestinationRuleExportTo(): string[] {
    return this.value("defaultDestinationRuleExportTo").texts();
  }

  /** Default true. */
  get autoMtls(): boolean {
    const value = this.value("enableAutoMtls");
    return !value.present || value.flag();
  }

  /** Mesh-wide proxyMetadata ISTIO_META_DNS_CAPTURE (MeshConfig `defaultConfig`); pods' own proxyMetadata is not looked at. */
  get dnsCapture(): boolean {
    return this.value("defaultConfig").at("proxyMetadata").at("ISTIO_META_DNS_CAPTURE").flag();
  }

  get trustDomainAliases(): string[] {
    return this.value("trustDomainAliases").texts();
  }
}

/** `mode` absent is the zero value, REGISTRY_ONLY. Numbers are the enum's (a proto's JSON allows them). */
export function modeOf(policy: Value): OutboundMode {
  const text = policy.at("mode").text();
  if (text === "" || text === "0") return "REGISTRY_ONLY";
  return text === "1" ? "ALLOW_ANY" : (text as OutboundMode);
}

const DEFAULTS: SourcedManifest = {
  manifest: { apiVersion: "v1", kind: "MeshConfig", metadata: { name: "default", namespace: "" } },
};
const NONE = new Value(new MeshObject(DEFAULTS), "", {});

/** Options, then ConfigMap `istio` of the root namespace, then `meshConfig` of istiod's Helm release. */
export function meshConfigOf(objects: MeshObject[], options: MeshOptions): MeshConfig {
  const root = options.rootNamespace ?? "istio-system";
  const layers: Value[] = [];
  if (options.meshConfig) layers.push(new Value(NONE.of, "", options.meshConfig));
  for (const object of objects) if (object.kind === "ConfigMap") layers.push(...configMapLayer(object, root, options));
  for (const object of objects) if (object.kind === "Release") layers.push(...releaseLayers(object));
  return new MeshConfig(layers, options);
}

function configMapLayer(object: MeshObject, root: string, options: MeshOptions): Value[] {
  if (object.name !== "istio" || object.namespace !== root) return [];
  const mesh = object.root.at("data").at("mesh");
  if (!mesh.present) return [];
  const text = mesh.text();
  if (text === "") return [mesh];
  return [new Value(object, "data.mesh", options.parseYaml ? options.parseYaml(text) : UNKNOWN)];
}

function releaseLayers(object: MeshObject): Value[] {
  if (chartName(object.spec.at("chart").text()) !== "istiod") return [];
  const values = object.spec.at("values");
  return [values.at("meshConfig"), values.at("pilot").at("meshConfig")].filter((value) => value.present);
}
