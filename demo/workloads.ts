import * as kx from "@pulumi/kubernetesx";
import type * as pulumi from "@pulumi/pulumi";
import type { ControlledEgress } from "../components";
import { type EgressConfig, withDefaults } from "../graph";

/** Enough for a shell that waits for `kubectl exec … curl`. */
const RESOURCES = { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "128Mi" } };

/** The demo's workloads: for each application a Deployment of one pod from which calls are made by hand. */
export function demoWorkloads(egress: ControlledEgress, config: EgressConfig, image: string): kx.Deployment[] {
  return withDefaults(config).applications.map(({ namespace, name, selector, serviceAccount }) => {
    const pod = new kx.PodBuilder({
      serviceAccountName: serviceAccount,
      terminationGracePeriodSeconds: 1,
      containers: [
        { name: "app", image, imagePullPolicy: "IfNotPresent", command: ["sleep", "infinity"], resources: RESOURCES },
      ],
    });
    const spec = pod.asDeploymentSpec().apply((deployment) => labelled(deployment, selector));
    return new kx.Deployment(
      `${namespace}-${name}`,
      { metadata: { name, namespace }, spec },
      { dependsOn: egress.guardsOf(namespace) },
    );
  });
}

/** kubernetesx labels pods with the name of their first container only. */
function labelled<T extends { template: pulumi.Unwrap<kx.types.PodSpec> | object }>(
  deployment: T,
  labels: Record<string, string>,
): T {
  return {
    ...deployment,
    selector: { matchLabels: labels },
    template: { ...deployment.template, metadata: { labels } },
  };
}
