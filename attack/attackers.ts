import { type Kubectl, runningPod } from "../demo/kubectl";
import type { Attacker } from "./attempt";
import { BARE, ELSEWHERE, type Ground } from "./ground";

/** The pods from which attempts are made. */
export interface Pod {
  namespace: string;
  name: string;
}

export type Attackers = Record<Exclude<Attacker, "node">, Pod>;

export async function findAttackers(kubectl: Kubectl, ground: Ground): Promise<Attackers> {
  const find = async (namespace: string, app: string): Promise<Pod> => ({
    namespace,
    name: await runningPod(kubectl, namespace, { app }),
  });
  return {
    application: await find(ground.namespace, ground.application),
    otherApplication: await find(ground.namespace, ground.otherApplication),
    stranger: await find(ground.namespace, "stranger"),
    elsewhere: await find(ELSEWHERE, ground.application),
    bare: await find(BARE, ground.application),
  };
}

/** The pods that no stack makes: a stranger beside the applications, and the application's doubles elsewhere. */
export function bystanders({ namespace, application }: Ground): object[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: ELSEWHERE, labels: { "istio-injection": "enabled" } } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: BARE } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: application, namespace: ELSEWHERE } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: application, namespace: BARE } },
    workload(namespace, "stranger", "default"),
    workload(ELSEWHERE, application, application),
    workload(BARE, application, application),
  ];
}

/** A Deployment of one pod that waits for commands. */
export function workload(namespace: string, name: string, serviceAccountName: string): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(serviceAccountName) },
    },
  };
}

export function podSpec(serviceAccountName: string): { [key: string]: unknown; containers: object[] } {
  return {
    serviceAccountName,
    terminationGracePeriodSeconds: 1,
    containers: [APP],
  };
}

export const APP = {
  name: "app",
  image: "lab.local/app:1",
  imagePullPolicy: "IfNotPresent",
  command: ["/bin/sh", "-c", "trap 'exit 0' TERM INT; sleep infinity & wait"],
};
