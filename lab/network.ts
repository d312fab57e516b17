import {
  INTERNET_DNS,
  INTERNET_LINK,
  INTERNET_NAMESPACE,
  INTERNET_ROUTER,
  NODE_ADDRESS,
  NODE_LINK,
  POD_LINK,
  SERVICE_RANGE,
} from "./addresses";
import { run, succeeds } from "./commands";
import { INTERNET_HOSTS } from "./internetHosts";
import type { Step } from "./step";

/**
 * The node's address and the internet's namespace. The namespace is made before containerd starts: the first
 * `ip netns add` of a machine mounts /run/netns over itself, and pods made before could never be torn down.
 */
export const networkStep: Step = {
  name: "network",
  title: "links and the internet's network namespace",
  needs: ["debian", "machine"],
  async up(): Promise<void> {
    if ((await problem()) === undefined) return;
    await removeAll();
    await ipBatch([
      `link add ${NODE_LINK} type bridge`,
      `address add ${NODE_ADDRESS}/32 dev ${NODE_LINK}`,
      `link set ${NODE_LINK} up`,
      // Without it this machine would reach services by way of its default route only, if it has one.
      `route add ${SERVICE_RANGE} dev ${NODE_LINK} src ${NODE_ADDRESS}`,
    ]);
    await run("ip", ["netns", "add", INTERNET_NAMESPACE]);
    await ipBatch([
      `link add ${INTERNET_LINK} type veth peer name eth0 netns ${INTERNET_NAMESPACE}`,
      `address add ${INTERNET_ROUTER}/24 dev ${INTERNET_LINK}`,
      `link set ${INTERNET_LINK} up`,
    ]);
    await ipBatch(
      [
        "link set lo up",
        "link set eth0 up",
        `address add ${INTERNET_DNS}/24 dev eth0`,
        ...INTERNET_HOSTS.map(({ address }) => `address add ${address}/24 dev eth0`),
        `route add default via ${INTERNET_ROUTER}`,
      ],
      INTERNET_NAMESPACE,
    );
  },
  async down(): Promise<void> {
    await removeAll();
    await removePodLinks();
  },
  check: problem,
};

async function problem(): Promise<string | undefined> {
  const node = await run("ip", ["-o", "address", "show"]).catch(() => "");
  if (!node.includes(` ${NODE_ADDRESS}/`)) return `no link ${NODE_LINK} with ${NODE_ADDRESS}`;
  if (!node.includes(` ${INTERNET_ROUTER}/`)) return `no link ${INTERNET_LINK} with ${INTERNET_ROUTER}`;
  const internet = await run("ip", ["-n", INTERNET_NAMESPACE, "-o", "address", "show"]).catch(() => "");
  const missing = INTERNET_HOSTS.find(({ address }) => !internet.includes(` ${address}/`));
  return missing && `no address ${missing.address} in the namespace ${INTERNET_NAMESPACE}`;
}

async function removeAll(): Promise<void> {
  await succeeds("ip", ["link", "delete", INTERNET_LINK]);
  await succeeds("ip", ["netns", "delete", INTERNET_NAMESPACE]);
  await succeeds("ip", ["link", "delete", NODE_LINK]);
}

/**
 * The pods' ends go by name: a namespace whose sockets still wait for an answer lives on for minutes after its pod, and
 * its link with it.
 */
async function removePodLinks(): Promise<void> {
  const listed = await run("ip", ["-o", "link", "show", "master", POD_LINK]).catch(() => "");
  const names = listed.split("\n").map((line) => /^\d+: ([^@:]+)/.exec(line)?.[1]);
  for (const name of names) if (name) await succeeds("ip", ["link", "delete", name]);
  await succeeds("ip", ["link", "delete", POD_LINK]);
}

async function ipBatch(lines: readonly string[], namespace?: string): Promise<void> {
  const where = namespace === undefined ? [] : ["-n", namespace];
  await run("ip", [...where, "-batch", "-"], `${lines.join("\n")}\n`);
}
