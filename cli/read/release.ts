import type { Manifest } from "../../graph/manifest";
import { UNKNOWN } from "../../graph/mesh/unknown";
import type { PlainResource } from "./plainResource";

/** A Helm Release resource in the form that graph/objects/release.ts makes and graph/mesh reads. */
export function releaseManifest({ name, props, providerNamespace }: PlainResource): Manifest {
  const release = known(props.name) ?? name;
  const namespace = props.namespace === UNKNOWN ? UNKNOWN : (known(props.namespace) ?? providerNamespace ?? "default");
  return {
    apiVersion: "helm.sh/v3",
    kind: "Release",
    metadata: { name: release, namespace } as Manifest["metadata"],
    spec: {
      name: release,
      namespace,
      chart: props.chart,
      version: props.version,
      repository: repository(props.repositoryOpts),
      values: values(props),
    },
  };
}

/** Files of values are read by Helm alone: with them, no value is known here. */
function values({ values, valueYamlFiles }: Record<string, unknown>): unknown {
  if (valueYamlFiles === UNKNOWN || (Array.isArray(valueYamlFiles) && valueYamlFiles.length > 0)) return UNKNOWN;
  return values ?? {};
}

function repository(options: unknown): unknown {
  return options !== null && typeof options === "object" ? (options as { repo?: unknown }).repo : undefined;
}

function known(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
