import type { Manifest } from "../../../graph/manifest";

/** What every random mesh shares: namespaces, applications, two egress gateways and one Service of the mesh. */
export const FIXED: Manifest[] = [
  namespace("istio-system"),
  namespace("app", { "istio-injection": "enabled", team: "red" }),
  namespace("app2", { "istio-injection": "enabled", team: "blue" }),
  namespace("egress"),
  namespace("other"),
  pod("app", "a", { app: "a", version: "v1" }, "10.1.0.1"),
  pod("app", "b", { app: "b" }, "10.1.0.2"),
  pod("app2", "c", { app: "c" }, "10.1.0.3"),
  pod("app2", "web", { app: "web" }, "10.1.0.4"),
  service("app2", "web", "10.96.0.4", { app: "web" }, [
    { name: "http", port: 80, targetPort: 8080 },
    { name: "tcp-db", port: 5432, targetPort: 5432 },
  ]),
  gatewayPod("egress", "gw", { istio: "egressgateway", app: "gw" }, "10.1.0.8"),
  gatewayPod("other", "gw2", { istio: "egressgateway2", app: "gw2" }, "10.1.0.9"),
];

/** The gateways' Services come in several shapes: port names and target ports decide a lot. */
export function gatewayService(namespaceName: string, name: string, variant: number): Manifest {
  const ip = name === "gw" ? "10.96.0.8" : "10.96.0.9";
  const names = variant === 1 ? ["http2", "https"] : ["tcp-http", "tls"];
  const ports = [
    { name: variant === 2 ? "http2" : names[0], port: 80, targetPort: 8080 },
    { name: names[1], port: 443, targetPort: 8443 },
  ];
  if (variant === 3) ports.push({ name: "tcp", port: 15443, targetPort: 15443 });
  return service(namespaceName, name, ip, { app: name }, ports);
}

function namespace(name: string, labels: Record<string, string> = {}): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "kubernetes.io/metadata.name": name, ...labels } },
  };
}

function pod(namespaceName: string, name: string, labels: Record<string, string>, ip: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: namespaceName, labels, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { serviceAccountName: name, containers: [{ name: "app", image: "app" }] },
    status: { podIP: ip },
  };
}

function gatewayPod(namespaceName: string, name: string, labels: Record<string, string>, ip: string): Manifest {
  const made = pod(namespaceName, name, { ...labels, "sidecar.istio.io/inject": "true" }, ip);
  made.metadata.annotations = { "inject.istio.io/templates": "gateway" };
  made.spec = { serviceAccountName: name, containers: [{ name: "istio-proxy", image: "auto" }] };
  return made;
}

function service(
  namespaceName: string,
  name: string,
  clusterIP: string,
  selector: Record<string, string>,
  ports: Record<string, unknown>[],
): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: namespaceName, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { clusterIP, selector, ports },
  };
}
