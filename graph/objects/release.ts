import type { GatewayIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { type ChartSource, chartSource } from "./chart";
import { gatewayValues } from "./gatewayRelease";
import { mergeValues } from "./merge";
import { baseValues, istiodValues } from "./meshConfig";
import { meta } from "./meta";

/** A Helm release as a manifest, so that both directions of the graph can speak of it. */
export interface Release extends Manifest {
  apiVersion: "helm.sh/v3";
  kind: "Release";
  metadata: Manifest["metadata"] & { namespace: string };
  spec: ChartSource & { name: string; namespace: string; values: Record<string, unknown> };
}

/** The CRDs carry the release's name, so it is fixed: a second name would be refused by Helm. */
export function baseRelease(intent: Intent): Release {
  return release(intent, "base", intent.istio.namespace, "istio-base", baseValues(intent));
}

export function istiodRelease(intent: Intent): Release {
  const name = intent.istio.revision === undefined ? "istiod" : `istiod-${intent.istio.revision}`;
  return release(intent, "istiod", intent.istio.namespace, name, istiodValues(intent));
}

/** The gateway's pods, Service and service account, all of the release's name. */
export function gatewayRelease(intent: Intent, gateway: GatewayIntent): Release {
  return release(intent, "gateway", intent.gatewayNamespace, gateway.service, gatewayValues(intent, gateway));
}

function release(
  intent: Intent,
  chart: "base" | "istiod" | "gateway",
  namespace: string,
  name: string,
  values: Record<string, unknown>,
): Release {
  return {
    apiVersion: "helm.sh/v3",
    kind: "Release",
    metadata: meta(namespace, name),
    spec: {
      ...chartSource(intent.istio, chart),
      name,
      namespace,
      values: mergeValues(values, intent.istio.values[chart]),
    },
  };
}
