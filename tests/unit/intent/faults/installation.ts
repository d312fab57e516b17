import { type Fault, with_ } from "./spoilt";

/** Istio, namespaces and hosts of the mesh. */
export const INSTALLATION_FAULTS: readonly Fault[] = [
  [
    "one namespace for gateways and routes",
    with_({ routesNamespace: "external" }),
    'routesNamespace = "external": is the gateways\' namespace already. Give each its own namespace.',
  ],
  [
    "an existing namespace that nothing uses",
    with_({ existingNamespaces: ["shopp"] }),
    'existingNamespaces[0] = "shopp": is no namespace of this configuration. Did you mean "shop"?',
  ],
  [
    "a mesh host of any namespace",
    with_({ meshHosts: ["*/*"] }),
    'meshHosts[0] = "*/*": is not of the form namespace/host, with one namespace and a host of the mesh. Write it like "shop/orders.shop.svc.cluster.local" or "shop/*.shop.svc.cluster.local".',
  ],
  [
    "a chart repository that is a folder",
    with_({ istio: { repository: "./charts" } }),
    'istio.repository = "./charts": is no address of a chart repository. Write https://… or oci://…; for charts in a folder use istio.charts.',
  ],
  [
    "a version that is none",
    with_({ istio: { version: "latest" } }),
    'istio.version = "latest": is no version. Write the version of the charts, e.g. 1.31.0.',
  ],
  [
    "a misspelt key",
    with_({ gatewayNamespase: "egress" }),
    'gatewayNamespase = "egress": this key is not known. Did you mean "gatewayNamespace"?',
  ],
  [
    "a misspelt key of Istio",
    with_({ istio: { instal: false } }),
    'istio.instal = false: this key is not known. Did you mean "install"?',
  ],
];
