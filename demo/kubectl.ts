import { execa } from "execa";

/** Runs kubectl with the given arguments; `environment` says which cluster. Throws with kubectl's own message. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** kubectl on PATH of an environment, with a context of its kubeconfig where one is named. */
export function kubectlOf(environment: Record<string, string | undefined>, context?: string): Kubectl {
  const global = context === undefined ? [] : ["--context", context];
  return async (args, input) => {
    const { stdout, stderr, failed } = await execa("kubectl", [...global, ...args], {
      env: environment,
      extendEnv: true,
      reject: false,
      maxBuffer: 100_000_000,
      ...(input !== undefined && { input }),
    });
    if (failed) throw new Error(`kubectl ${args.slice(0, 4).join(" ")}: ${stderr.trim() || "failed"}`);
    return stdout;
  };
}

/** The name of the youngest running pod with the given labels. Throws if there is none. */
export async function runningPod(kubectl: Kubectl, namespace: string, labels: Record<string, string>): Promise<string> {
  const selector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const list = JSON.parse(await kubectl(["get", "pods", "-n", namespace, "-l", selector, "-o", "json"])) as {
    items: Pod[];
  };
  const ready = list.items
    .filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    )
    .sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp));
  const [pod] = ready;
  if (pod === undefined) throw new Error(`no pod with labels ${selector} is ready in namespace ${namespace}`);
  return pod.metadata.name;
}

interface Pod {
  metadata: { name: string; creationTimestamp: string; deletionTimestamp?: string };
  status: { conditions?: { type: string; status: string }[] };
}
