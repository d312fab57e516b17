import type { Manifest } from "../manifest";
import type { MeshObject } from "./object";

/**
 * What Istio's `gateway` chart makes of a release's values: one Deployment, its Service and its ServiceAccount
 * (`manifests/charts/gateway/templates`). Only what decides traffic; values may stay `UNKNOWN`.
 */
export function gatewayManifests(release: MeshObject): Manifest[] {
  const values = release.spec.at("values");
  const name = values.at("name").text() || release.spec.at("name").text() || release.name;
  const namespace = release.spec.at("namespace").text() || release.namespace;
  const labels = values.at("labels").rawMap();
  const selector = { app: labels.app ?? name, istio: labels.istio ?? name.replace(/^istio-/, "") };
  const serviceAccount = accountName(release, name);
  const metadata = {
    name,
    namespace,
    creationTimestamp: creation(release),
    annotations: values.at("annotations").rawMap() as never,
  };
  const deployment: Manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      template: {
        metadata: {
          labels: { "sidecar.istio.io/inject": "true", "app.kubernetes.io/name": name, ...labels, ...selector },
          annotations: { "inject.istio.io/templates": "gateway", ...values.at("podAnnotations").rawMap() },
        },
        spec: { serviceAccountName: serviceAccount, containers: [{ name: "istio-proxy" }] },
      },
    },
  };
  return values.at("service").at("type").text() === "None"
    ? [deployment]
    : [deployment, service(release, metadata, labels, selector)];
}

function service(
  release: MeshObject,
  metadata: Manifest["metadata"],
  labels: Record<string, unknown>,
  selector: Record<string, unknown>,
): Manifest {
  const values = release.spec.at("values").at("service");
  const extra = values.at("selectorLabels").rawMap();
  const ports = values.at("ports").present ? values.rawMap().ports : DEFAULT_PORTS;
  const annotations = { ...metadata.annotations, ...values.at("annotations").rawMap() } as Record<string, string>;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...metadata, annotations, labels: { ...labels, ...selector } as Record<string, string> },
    spec: { ports, selector: { ...selector, ...extra }, clusterIP: values.rawMap().clusterIP },
  };
}

const DEFAULT_PORTS = [
  { name: "status-port", port: 15021, targetPort: 15021 },
  { name: "http2", port: 80, targetPort: 80 },
  { name: "https", port: 443, targetPort: 443 },
];

function accountName(release: MeshObject, name: string): string {
  const account = release.spec.at("values").at("serviceAccount");
  const create = account.at("create");
  const made = !create.present || create.flag();
  return account.at("name").text() || (made ? name : "default");
}

function creation(release: MeshObject): string | undefined {
  return release.created === undefined ? undefined : new Date(release.created).toISOString();
}

/**
 * The name of a chart, without folder, version and archive: `istiod` of `oci://…/istiod`, `./charts/istiod` or
 * `istiod-1.31.0.tgz`. Istio's repository calls istiod's folder `istio-discovery`.
 */
export function chartName(chart: string): string {
  const last = chart.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const name = last.replace(/\.tgz$/, "").replace(/-v?\d+\.\d.*$/, "");
  return name === "istio-discovery" ? "istiod" : name;
}

/** A chart called `gateway`, by name, path or archive. */
export function isGatewayRelease(object: MeshObject): boolean {
  return object.kind === "Release" && /(^|\/)gateway(-[v\d][^/]*)?(\.tgz)?\/?$/.test(object.spec.at("chart").text());
}
