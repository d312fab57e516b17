import { readFileSync } from "node:fs";
import { dump } from "js-yaml";
import { type Kubectl, runningPod } from "../demo/kubectl";
import { labPaths } from "../lab";
import { bystanders, findAttackers } from "./attackers";
import type { Ground } from "./ground";
import { CONTROLLED, SECRETS } from "./grounds/controlled";
import { ORIGINAL, originalLayout } from "./grounds/original";

/** Puts the pods of strangers beside a layout, and waits until all attackers and gateways are ready. */
export async function addBystanders(kubectl: Kubectl, ground: Ground): Promise<void> {
  await apply(kubectl, bystanders(ground));
  await ready(kubectl, ground);
}

/** The Secrets that the destinations of the controlled layout name. */
export async function addSecrets(kubectl: Kubectl): Promise<void> {
  const { internetAuthority, internetClients } = labPaths();
  const text = (file: string) => readFileSync(file, "utf8");
  const secret = (name: string, stringData: Record<string, string>) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: CONTROLLED.gatewayNamespace },
    stringData,
  });
  const authority = { "ca.crt": text(internetAuthority) };
  const client = { "tls.crt": text(internetClients.certificate), "tls.key": text(internetClients.key) };
  await apply(kubectl, [secret(SECRETS.authority, authority), secret(SECRETS.client, { ...authority, ...client })]);
}

export async function addOriginal(kubectl: Kubectl): Promise<void> {
  await apply(kubectl, originalLayout());
  await addBystanders(kubectl, ORIGINAL);
}

/** Removes what the functions above made; a stack's own objects stay. */
export async function clear(kubectl: Kubectl, ground: Ground): Promise<void> {
  const objects = [...bystanders(ground), ...(ground === ORIGINAL ? originalLayout() : [])];
  await kubectl(["delete", "--ignore-not-found", "--wait=true", "--timeout=60s", "-f", "-"], text(objects));
}

async function ready(kubectl: Kubectl, ground: Ground): Promise<void> {
  const namespaces = [...new Set(bystanders(ground).map((one) => (one as Named).metadata.namespace))];
  for (const namespace of [...namespaces, ground.gatewayNamespace].filter((name) => name !== undefined))
    await kubectl(["rollout", "status", "-n", namespace, "deployment", "--timeout=90s"]);
  await findAttackers(kubectl, ground);
  for (const app of [ground.gateway, ground.otherGateway]) await runningPod(kubectl, ground.gatewayNamespace, { app });
}

interface Named {
  metadata: { name: string; namespace?: string };
}

async function apply(kubectl: Kubectl, objects: readonly object[]): Promise<void> {
  await kubectl(["apply", "-f", "-"], text(objects));
}

function text(objects: readonly object[]): string {
  return objects.map((object) => dump(object)).join("---\n");
}
