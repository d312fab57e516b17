import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import type { Kubectl } from "../demo/kubectl";
import { type InternetEvent, internetLog } from "../lab";
import { APP, type Attackers, type Pod, podSpec } from "./attackers";
import type { Command, HostilePod, Move } from "./attempt";
import type { Ground } from "./ground";

/** What came of a move. */
export interface Outcome {
  /** What the command printed; of a refused pod, the refusal. */
  output: string;
  /** The API server refused the pod. */
  refused: boolean;
  events: InternetEvent[];
  from: Date;
  to: Date;
}

/** What is needed to carry out moves. */
export interface Field {
  kubectl: Kubectl;
  ground: Ground;
  attackers: Attackers;
}

/** How long the internet's log may lag behind a call that has ended. */
const LAG = 150;
const POD_PATIENCE = 30_000;

/** Makes a move and waits until it has ended. */
export async function carryOut(field: Field, move: Move): Promise<Outcome> {
  const from = new Date();
  const { output, refused } =
    "pod" in move ? await asPod(field, move) : { output: await run(field, move), refused: false };
  await wait(LAG);
  return { output, refused, events: internetLog(from), from, to: new Date() };
}

async function run({ kubectl, attackers }: Field, { from, script }: Command): Promise<string> {
  if (from === "node") {
    const { all } = await execa("sh", ["-s"], { input: script, all: true, reject: false });
    return all;
  }
  return inPod(kubectl, attackers[from], "app", script);
}

async function inPod(kubectl: Kubectl, { namespace, name }: Pod, container: string, script: string): Promise<string> {
  return kubectl(["exec", "-i", "-n", namespace, name, "-c", container, "--", "sh", "-s"], `exec 2>&1\n${script}\n`);
}

async function asPod(field: Field, move: HostilePod): Promise<{ output: string; refused: boolean }> {
  return move.pod.ephemeral === undefined ? newPod(field, move) : debugContainer(field, move);
}

let made = 0;

async function newPod({ kubectl, ground }: Field, { pod, namespace = ground.namespace, script }: HostilePod) {
  const name = `attack-${++made}`;
  const { containers = [], ...rest } = (pod.spec ?? {}) as { containers?: object[] };
  const manifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: ground.application, ...pod.labels }, annotations: pod.annotations },
    spec: {
      ...podSpec(namespace === ground.namespace ? ground.application : "default"),
      ...rest,
      containers: [{ ...APP, ...pod.container }, ...containers],
    },
  };
  try {
    await kubectl(["create", "-f", "-"], JSON.stringify(manifest));
  } catch (error) {
    return { output: (error as Error).message, refused: true };
  }
  try {
    await kubectl([
      "wait",
      "-n",
      namespace,
      `pod/${name}`,
      "--for=condition=Ready",
      `--timeout=${POD_PATIENCE / 1000}s`,
    ]);
    return { output: await inPod(kubectl, { namespace, name }, "app", script), refused: false };
  } catch (error) {
    return { output: (error as Error).message, refused: false };
  } finally {
    await kubectl(["delete", "pod", "-n", namespace, name, "--wait=false"]);
  }
}

/** `kubectl debug` by its API: a patch of the pod's subresource. */
async function debugContainer({ kubectl, attackers }: Field, { pod, script }: HostilePod) {
  const { namespace, name } = attackers.application;
  const container = `debug-${++made}`;
  const patch = { spec: { ephemeralContainers: [{ ...APP, ...pod.ephemeral, name: container }] } };
  try {
    await kubectl([
      "patch",
      "pod",
      "-n",
      namespace,
      name,
      "--subresource=ephemeralcontainers",
      "--type=strategic",
      "-p",
      JSON.stringify(patch),
    ]);
  } catch (error) {
    return { output: (error as Error).message, refused: true };
  }
  const running = `{.status.ephemeralContainerStatuses[?(@.name=="${container}")].state.running}`;
  await kubectl([
    "wait",
    "-n",
    namespace,
    `pod/${name}`,
    `--for=jsonpath=${running}`,
    `--timeout=${POD_PATIENCE / 1000}s`,
  ]);
  return { output: await inPod(kubectl, { namespace, name }, container, script), refused: false };
}
