import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Manifest, Planned, Release } from "../graph";

/** How long Helm waits for the pods of a release to be ready, in seconds. */
const RELEASE_TIMEOUT = 300;

/** The resources of a plan, by the key of their object. */
export type Resources = Map<string, pulumi.CustomResource>;

/**
 * Registers every planned object in order, each after those that it waits for. Logical names derive from the
 * component's name and the object's own, so that adding or removing one destination renames nothing else.
 */
export function register(component: string, objects: readonly Planned[], parent: pulumi.Resource): Resources {
  const resources: Resources = new Map();
  for (const { key, manifest, after } of objects) {
    const dependsOn = after.map((dependency) => {
      const resource = resources.get(dependency);
      if (resource === undefined) throw new Error(`${key} is planned before ${dependency}, which it waits for`);
      return resource;
    });
    resources.set(key, resourceOf(logicalName(component, manifest), manifest, { parent, dependsOn }));
  }
  return resources;
}

/** `egress-external-routes-ServiceEntry-github`: unambiguous, as Kubernetes names have no capital letters. */
export function logicalName(component: string, { kind, metadata }: Manifest): string {
  return [component, metadata.namespace, kind, metadata.name].filter((part) => part !== undefined).join("-");
}

function resourceOf(name: string, manifest: Manifest, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
  const { metadata } = manifest;
  switch (manifest.kind) {
    case "Namespace":
      return new k8s.core.v1.Namespace(name, { metadata }, opts);
    case "ServiceAccount":
      return new k8s.core.v1.ServiceAccount(name, { metadata }, opts);
    case "Release":
      return releaseOf(name, manifest as Release, opts);
    default:
      return new k8s.apiextensions.CustomResource(
        name,
        { apiVersion: manifest.apiVersion, kind: manifest.kind, metadata, spec: manifest.spec },
        opts,
      );
  }
}

function releaseOf(name: string, { spec }: Release, opts: pulumi.CustomResourceOptions): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(
    name,
    {
      name: spec.name,
      namespace: spec.namespace,
      chart: spec.chart,
      version: spec.version,
      repositoryOpts: spec.repository === undefined ? undefined : { repo: spec.repository },
      values: spec.values,
      timeout: RELEASE_TIMEOUT,
      // Helm would refuse the name of a release that failed, such as one whose update was killed.
      replace: true,
    },
    opts,
  );
}
