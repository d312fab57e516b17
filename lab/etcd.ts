import { join } from "node:path";
import { ETCD_PORT } from "./addresses";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import type { Folders } from "./folders";
import { isHealthy } from "./health";
import type { Step, StepContext } from "./step";

export const ETCD_URL = `http://127.0.0.1:${ETCD_PORT}`;
const PEER_URL = `http://127.0.0.1:${ETCD_PORT + 1}`;

/** The cluster's database; on the loopback address only, where no pod reaches it. */
export const etcdStep: Step = {
  name: "etcd",
  title: "etcd",
  needs: ["debian", "machine"],
  async up({ folders }: StepContext): Promise<void> {
    await ensureDaemon(folders, etcd(folders), answers);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "etcd", 0);
  },
  check: async () => ((await answers()) ? undefined : "it does not answer"),
};

function etcd(folders: Folders): Program {
  return {
    name: "etcd",
    command: "etcd",
    args: [
      "--name=lab",
      `--data-dir=${join(folders.state, "etcd")}`,
      `--listen-client-urls=${ETCD_URL}`,
      `--advertise-client-urls=${ETCD_URL}`,
      `--listen-peer-urls=${PEER_URL}`,
      `--initial-advertise-peer-urls=${PEER_URL}`,
      `--initial-cluster=lab=${PEER_URL}`,
      // Faster; what a power cut may cost is a lab.
      "--unsafe-no-fsync",
      "--logger=zap",
      "--log-level=warn",
    ],
  };
}

const answers = (): Promise<boolean> => isHealthy(`${ETCD_URL}/health`);
