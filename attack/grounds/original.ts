import { workload } from "../attackers";
import type { Ground } from "../ground";

const NAMESPACE = "original-apps";
const GATEWAYS = "original-external";
const CONTAINER_PORTS = { http: 8080, tls: 8443 };

export const ORIGINAL: Ground = {
  title: "the demo's original layout",
  namespace: NAMESPACE,
  application: "app-a",
  otherApplication: "app-b",
  gatewayNamespace: GATEWAYS,
  routes: undefined,
  gateway: "github-egress-gateway",
  otherGateway: "google-egress-gateway",
  containerPorts: CONTAINER_PORTS,
  allowed: "github.com",
  other: "google.com",
  limited: undefined,
  checked: undefined,
};

const SERVICES = [
  { application: "app-a", name: "github", hosts: ["github.com", "www.github.com"] },
  { application: "app-b", name: "google", hosts: ["google.com", "www.google.com"] },
] as const;

type Service = (typeof SERVICES)[number];

/**
 * The layout of the demo that this project started from, written anew for the Istio of today: one gateway a service, a
 * Sidecar for the namespace and one for each application, a ServiceEntry for everybody, VirtualServices by label.
 */
export function originalLayout(): object[] {
  return [
    ...[NAMESPACE, GATEWAYS].map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "istio-injection": "enabled" } },
    })),
    istio("Sidecar", NAMESPACE, "default", { egress: [{ hosts: ["./*"] }], ...REGISTRY_ONLY }),
    ...SERVICES.flatMap((service) => [...application(service), ...gateway(service)]),
  ];
}

const REGISTRY_ONLY = { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } };

function application({ application: app, name, hosts }: Service): object[] {
  const gatewayHost = `${name}-egress-gateway.${GATEWAYS}.svc.cluster.local`;
  const to = (port: number) => [{ destination: { host: gatewayHost, port: { number: port } } }];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: app, namespace: NAMESPACE } },
    workload(NAMESPACE, app, app),
    istio("Sidecar", NAMESPACE, `${app}-${name}`, {
      workloadSelector: { labels: { app } },
      egress: [{ hosts: ["./*", ...hosts.map((host) => `${GATEWAYS}/${host}`), `${GATEWAYS}/${gatewayHost}`] }],
      ...REGISTRY_ONLY,
    }),
    istio("VirtualService", NAMESPACE, `${app}-${name}`, {
      hosts,
      http: [{ match: [{ port: 80, sourceLabels: { app } }], route: to(80) }],
      tls: [{ match: [{ port: 443, sniHosts: hosts, sourceLabels: { app } }], route: to(443) }],
    }),
  ];
}

function gateway({ name, hosts }: Service): object[] {
  const service = `${name}-egress-gateway`;
  const mutual = { mode: "ISTIO_MUTUAL" };
  const route = (port: number) => ({
    match: [{ port }],
    route: [{ destination: { host: hosts[0], port: { number: port } } }],
  });
  return [
    proxies(service),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: service, namespace: GATEWAYS },
      spec: {
        selector: { app: service },
        ports: [
          { name: "http", port: 80, targetPort: CONTAINER_PORTS.http },
          { name: "tls", port: 443, targetPort: CONTAINER_PORTS.tls },
        ],
      },
    },
    istio("ServiceEntry", GATEWAYS, name, {
      hosts,
      exportTo: ["*"],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      ports: [
        { number: 80, name: "http", protocol: "HTTP" },
        { number: 443, name: "tls", protocol: "TLS" },
      ],
    }),
    istio("DestinationRule", GATEWAYS, service, {
      host: `${service}.${GATEWAYS}.svc.cluster.local`,
      trafficPolicy: { tls: mutual },
    }),
    istio("Gateway", GATEWAYS, service, {
      selector: { app: service },
      servers: [
        { port: { number: 80, name: "http", protocol: "HTTPS" }, hosts: ["*"], tls: mutual },
        { port: { number: 443, name: "tls", protocol: "TLS" }, hosts: ["*"], tls: mutual },
      ],
    }),
    istio("VirtualService", GATEWAYS, `${name}-redirect`, {
      hosts,
      gateways: [service],
      http: [route(80)],
      tcp: [route(443)],
    }),
  ];
}

function proxies(name: string): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: GATEWAYS },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name, "sidecar.istio.io/inject": "true" },
          annotations: { "inject.istio.io/templates": "gateway" },
        },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: "istio-proxy", image: "auto", imagePullPolicy: "IfNotPresent" }],
        },
      },
    },
  };
}

function istio(kind: string, namespace: string, name: string, spec: object): object {
  return { apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace }, spec };
}
