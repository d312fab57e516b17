import { join } from "node:path";
import { API_PORT, NODE_ADDRESS, SERVICE_RANGE } from "./addresses";
import { apiGet } from "./api";
import { credentials } from "./credentials";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import { ETCD_URL } from "./etcd";
import type { Folders } from "./folders";
import { programsFolder } from "./programs";
import type { Step, StepContext } from "./step";

export const apiserverStep: Step = {
  name: "apiserver",
  title: "the API server",
  needs: ["build-cluster", "credentials", "etcd", "network"],
  async up({ folders }: StepContext): Promise<void> {
    await ensureDaemon(folders, apiserver(folders), () => isReady(folders), 60_000);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "apiserver", 0);
  },
  check: async ({ folders }) => ((await isReady(folders)) ? undefined : "it is not ready"),
};

async function isReady(folders: Folders): Promise<boolean> {
  return (await apiGet(folders, "/readyz"))?.status === 200;
}

function apiserver(folders: Folders): Program {
  const paths = credentials(folders);
  const issuer = "https://kubernetes.default.svc.cluster.local";
  return {
    name: "apiserver",
    command: join(programsFolder(folders, "cluster"), "kube-apiserver"),
    args: [
      `--etcd-servers=${ETCD_URL}`,
      `--bind-address=${NODE_ADDRESS}`,
      `--advertise-address=${NODE_ADDRESS}`,
      `--secure-port=${API_PORT}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      `--tls-cert-file=${paths.api.certificate}`,
      `--tls-private-key-file=${paths.api.key}`,
      `--client-ca-file=${paths.authority}`,
      `--token-auth-file=${paths.tokens}`,
      "--authorization-mode=RBAC",
      "--anonymous-auth=false",
      `--kubelet-client-certificate=${paths.kubeletClient.certificate}`,
      `--kubelet-client-key=${paths.kubeletClient.key}`,
      "--kubelet-preferred-address-types=InternalIP",
      `--service-account-issuer=${issuer}`,
      `--service-account-key-file=${paths.serviceAccounts.publicKey}`,
      `--service-account-signing-key-file=${paths.serviceAccounts.privateKey}`,
      "--allow-privileged=true",
      "--profiling=false",
    ],
  };
}
