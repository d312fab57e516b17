import { groupBy } from "../group";
import type { Application, EgressConfig } from "./config";
import { destinationIntent } from "./destinationIntent";
import { gatewayIntents } from "./gatewayIntent";
import { guardsIntent } from "./guardsIntent";
import type { ApplicationIntent, Intent, IstioIntent } from "./intent";

export { portsOf, type ReadPort } from "./destinationIntent";
export { gatewayService } from "./gatewayIntent";

/** Istio's official Helm repository (Istio docs, "Install with Helm"). */
export const OFFICIAL_REPOSITORY = "https://istio-release.storage.googleapis.com/charts";
/** The release of Istio that this package is tested with. */
export const ISTIO_VERSION = "1.31.0";
export const GATEWAY_NAMESPACE = "external";
export const ISTIO_NAMESPACE = "istio-system";

/** A validated configuration with every default filled in and every list in a stable order. */
export function withDefaults(config: EgressConfig): Intent {
  const applications = config.applications.map(applicationIntent).sort(byKey(applicationKey));
  const allowances = applications.flatMap((application) => application.allow.map((name) => ({ name, application })));
  const byDestination = groupBy(allowances, ({ name }) => name);
  const destinations = Object.entries(config.destinations)
    .map(([name, destination]) =>
      destinationIntent(
        name,
        destination,
        (byDestination.get(name) ?? []).map(({ application }) => application),
      ),
    )
    .sort(byKey((destination) => destination.name));
  const gatewayNamespace = gatewayNamespaceOf(config);
  return {
    istio: istioIntent(config),
    gatewayNamespace,
    routesNamespace: routesNamespaceOf(config),
    applicationNamespaces: unique(applications.map((application) => application.namespace)),
    existingNamespaces: unique(config.existingNamespaces ?? []),
    destinations,
    applications,
    gateways: gatewayIntents(config, destinations),
    guards: guardsIntent(config.guards ?? {}),
    meshHosts: unique(config.meshHosts ?? []),
  };
}

export function gatewayNamespaceOf(config: Partial<EgressConfig>): string {
  return config.gatewayNamespace ?? GATEWAY_NAMESPACE;
}

export function routesNamespaceOf(config: Partial<EgressConfig>): string {
  return config.routesNamespace ?? `${gatewayNamespaceOf(config)}-routes`;
}

export function istioNamespaceOf(config: Partial<EgressConfig>): string {
  return config.istio?.namespace ?? ISTIO_NAMESPACE;
}

/** Whether the sidecars answer DNS, so that each host has an address of its own. */
export function dnsCaptureOf({ istio, guards }: Pick<EgressConfig, "istio" | "guards">): boolean {
  return istio?.dnsCapture ?? guards?.clusterDns === false;
}

/** The pods of an application: its selector, or the label `app`. */
export function selectorOf(application: Pick<Application, "name" | "selector">): Record<string, string> {
  return application.selector ?? { app: application.name };
}

export function serviceAccountOf(application: Pick<Application, "name" | "serviceAccount">): string {
  return application.serviceAccount ?? application.name;
}

/** `namespace/name`, the one name of an application everywhere. */
export function applicationKey(application: Pick<Application, "namespace" | "name">): string {
  return `${application.namespace}/${application.name}`;
}

function istioIntent(config: EgressConfig): IstioIntent {
  const { istio = {} } = config;
  return {
    install: istio.install ?? true,
    repository: istio.repository ?? OFFICIAL_REPOSITORY,
    version: istio.version ?? ISTIO_VERSION,
    namespace: istio.namespace ?? ISTIO_NAMESPACE,
    revision: istio.revision,
    trustDomain: istio.trustDomain ?? "cluster.local",
    clusterDomain: istio.clusterDomain ?? "cluster.local",
    dnsCapture: dnsCaptureOf(config),
    discoveryIp: istio.discoveryIp,
    charts: { base: "base", istiod: "istiod", gateway: "gateway", ...istio.charts },
    values: { base: {}, istiod: {}, gateway: {}, ...istio.values },
  };
}

function applicationIntent(application: Application): ApplicationIntent {
  return {
    namespace: application.namespace,
    name: application.name,
    selector: selectorOf(application),
    serviceAccount: serviceAccountOf(application),
    createServiceAccount: application.createServiceAccount ?? false,
    allow: unique(application.allow),
    terms: application.terms ?? {},
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function byKey<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
