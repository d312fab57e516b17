import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Flow, gatewayAddress, type Intent, type Planned } from "../graph";
import type { Resources } from "./resources";

/** An egress gateway, as an output. */
export interface EgressGateway {
  /** Name of its Service, Deployment, Helm release and service account. */
  name: string;
  /** Namespace of all of them. */
  namespace: string;
  /** DNS name of its Service, e.g. `egress-github.external.svc.cluster.local`. */
  address: string;
  /** Ports of its Service, without the status port. */
  ports: number[];
}

/** A Helm release that the component made, as an output. */
export interface InstalledRelease {
  /** Name of the release. */
  name: string;
  /** Namespace of the release. */
  namespace: string;
  /** Helm's status of it, e.g. `deployed`. */
  status: string;
}

/** One allowed flow, as an output: everything that is not listed is denied. */
export interface AllowedFlow extends Flow {}

/** The namespaces of the intent, those that exist already included. */
export function namespaceOutputs(intent: Intent): string[] {
  return [intent.gatewayNamespace, intent.routesNamespace, ...intent.applicationNamespaces];
}

export function gatewayOutputs(intent: Intent): EgressGateway[] {
  return intent.gateways.map(({ name, service, ports }) => ({
    name: service,
    namespace: intent.gatewayNamespace,
    address: gatewayAddress(intent, { gateway: name }),
    ports: ports.map(({ number }) => number),
  }));
}

export function releaseOutputs(objects: readonly Planned[], resources: Resources): pulumi.Output<InstalledRelease[]> {
  const releases = objects.filter(({ manifest }) => manifest.kind === "Release");
  return pulumi.all(
    releases.map(({ key, manifest: { metadata } }) =>
      (resources.get(key) as k8s.helm.v3.Release).status.apply((status) => ({
        name: metadata.name,
        namespace: metadata.namespace ?? "",
        status: status?.status ?? "unknown",
      })),
    ),
  );
}
