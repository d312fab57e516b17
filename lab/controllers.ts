import { join } from "node:path";
import { POD_RANGE } from "./addresses";
import { credentials } from "./credentials";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import type { Folders } from "./folders";
import { isHealthy } from "./health";
import { programsFolder } from "./programs";
import type { Step, StepContext } from "./step";

const MANAGER_PORT = 10257;
const SCHEDULER_PORT = 10259;

/** The controller manager and the scheduler. There is one of each, so neither waits to be elected. */
export const controllersStep: Step = {
  name: "controllers",
  title: "controllers and scheduler",
  needs: ["apiserver"],
  async up({ folders }: StepContext): Promise<void> {
    await Promise.all([
      ensureDaemon(folders, manager(folders), () => answers(MANAGER_PORT)),
      ensureDaemon(folders, scheduler(folders), () => answers(SCHEDULER_PORT)),
    ]);
  },
  async down({ folders }: StepContext): Promise<void> {
    await Promise.all([stopProgram(folders, "scheduler", 0), stopProgram(folders, "controller-manager", 0)]);
  },
  async check(): Promise<string | undefined> {
    if (!(await answers(MANAGER_PORT))) return "the controller manager does not answer";
    return (await answers(SCHEDULER_PORT)) ? undefined : "the scheduler does not answer";
  },
};

const answers = (port: number): Promise<boolean> => isHealthy(`https://127.0.0.1:${port}/healthz`);

function manager(folders: Folders): Program {
  const paths = credentials(folders);
  return {
    name: "controller-manager",
    command: join(programsFolder(folders, "cluster"), "kube-controller-manager"),
    args: [
      ...common(folders, "controller-manager", MANAGER_PORT),
      `--root-ca-file=${paths.authority}`,
      `--service-account-private-key-file=${paths.serviceAccounts.privateKey}`,
      `--cluster-cidr=${POD_RANGE}`,
      "--allocate-node-cidrs=false",
      `--flex-volume-plugin-dir=${join(folders.state, "volume-plugins")}`,
    ],
  };
}

function scheduler(folders: Folders): Program {
  return {
    name: "scheduler",
    command: join(programsFolder(folders, "cluster"), "kube-scheduler"),
    args: common(folders, "scheduler", SCHEDULER_PORT),
  };
}

function common(folders: Folders, name: string, port: number): string[] {
  return [
    `--kubeconfig=${folders.kubeconfig}`,
    `--authentication-kubeconfig=${folders.kubeconfig}`,
    `--authorization-kubeconfig=${folders.kubeconfig}`,
    "--leader-elect=false",
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(folders.state, name)}`,
  ];
}
