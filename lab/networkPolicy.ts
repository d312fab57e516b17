import { join } from "node:path";
import { NODE_NAME, SERVICE_RANGE } from "./addresses";
import { run, succeeds } from "./commands";
import { ensureDaemon, isRunning, type Program, stopProgram } from "./daemon";
import type { Folders } from "./folders";
import { removeChains } from "./iptables";
import { programsFolder } from "./programs";
import type { Step, StepContext } from "./step";

const NAME = "network-policy";

/** Of every table, what kube-router's firewall makes. */
const CHAINS = /^KUBE-(ROUTER|POD-FW|NWPLCY)-/;
/**
 * The rules of a kube-router that was killed stay, so they don't tell that the new one has read the policies. This chain
 * does: it is no policy's, so kube-router takes it away with its first look at all of them.
 */
const STALE = "KUBE-NWPLCY-STALE";
const SETS = /^(inet6:)?KUBE-(SRC|DST)-/;

/** NetworkPolicies, enforced: kube-router's firewall alone, which neither routes nor leads Services anywhere. */
export const networkPolicyStep: Step = {
  name: NAME,
  title: "network policies",
  // It asks for its node at the start, and ends when there is none.
  needs: ["build-networkpolicy", "kubelet", "kube-proxy"],
  async up({ folders }: StepContext): Promise<void> {
    if (!isRunning(folders, NAME)) await succeeds("iptables", ["--wait", "--new-chain", STALE]);
    await ensureDaemon(folders, kubeRouter(folders), hasRules);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, NAME, 0);
    await removeChains(CHAINS);
    for (const set of await policySets()) await succeeds("ipset", ["destroy", set]);
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    if (!isRunning(folders, NAME)) return "kube-router does not run: pods that start now are open";
    return (await hasRules()) ? undefined : "its rules are not there";
  },
};

/** Names of the sets of addresses that policies are made of, for IPv4 and IPv6; they outlive kube-router. */
export async function policySets(): Promise<string[]> {
  const names = await run("ipset", ["list", "-name"]).catch(() => "");
  return names.split("\n").filter((name) => SETS.test(name));
}

async function hasRules(): Promise<boolean> {
  const rules = await run("iptables", ["--wait", "--list-rules"]).catch(() => "");
  return rules.includes("-N KUBE-ROUTER-FORWARD") && !rules.includes(`-N ${STALE}`);
}

function kubeRouter(folders: Folders): Program {
  return {
    name: NAME,
    command: join(programsFolder(folders, "networkpolicy"), "kube-router"),
    args: [
      "--run-firewall=true",
      "--run-router=false",
      "--run-service-proxy=false",
      "--run-loadbalancer=false",
      `--kubeconfig=${folders.kubeconfig}`,
      `--hostname-override=${NODE_NAME}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      // Zero: no port is opened.
      "--health-port=0",
      "--metrics-port=0",
    ],
  };
}
