import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const DEFAULT_CLUSTER = {};

/** An object that stands for the cluster of a component: its Kubernetes provider, or the default one. */
export function clusterOf(opts: pulumi.ComponentResourceOptions | undefined): object {
  const given = opts?.providers ?? {};
  const candidates = [opts?.provider, ...(Array.isArray(given) ? given : Object.values(given))];
  return candidates.find((candidate) => k8s.Provider.isInstance(candidate)) ?? DEFAULT_CLUSTER;
}
