import { type Kubectl, kubectlOf } from "../../../demo/kubectl";
import { labEnvironment } from "../../../lab";

/** kubectl on the lab. */
export const kubectl: Kubectl = kubectlOf(labEnvironment());

/** Applies manifests in YAML and waits until every Deployment among them is available. */
export async function apply(yaml: string): Promise<void> {
  const names = await kubectl(["apply", "-f", "-", "-o", "name"], yaml);
  const deployments = names.split("\n").filter((name) => name.startsWith("deployment"));
  if (deployments.length === 0) return;
  const list = JSON.parse(await kubectl(["get", "-f", "-", "-o", "json"], yaml)) as { items?: Item[] } & Item;
  for (const { kind, metadata } of list.items ?? [list])
    if (kind === "Deployment")
      await kubectl(["rollout", "status", "-n", metadata.namespace, `deployment/${metadata.name}`, "--timeout=60s"]);
}

interface Item {
  kind: string;
  metadata: { name: string; namespace: string };
}
