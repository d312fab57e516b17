import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { API_PORT, API_SERVICE_ADDRESS, NODE_ADDRESS } from "./addresses";
import { type Certificate, createAuthority, createKeyPair, issue } from "./certificates";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import type { Step, StepContext } from "./step";

/** Paths of the cluster's keys, certificates and tokens. */
export function credentials(folders: Folders) {
  const at = (name: string): string => join(folders.state, "credentials", name);
  return {
    authority: at("ca.crt"),
    api: { certificate: at("apiserver.crt"), key: at("apiserver.key") },
    /** With which the API server calls the kubelet, for logs and exec. */
    kubeletClient: { certificate: at("kubelet-client.crt"), key: at("kubelet-client.key") },
    serviceAccounts: { publicKey: at("service-accounts.pub"), privateKey: at("service-accounts.key") },
    tokens: at("tokens.csv"),
    adminToken: at("admin-token"),
  };
}

/** Made once for a cluster; they live and die with its data. */
export const credentialsStep: Step = {
  name: "credentials",
  title: "the cluster's keys and certificates",
  needs: ["machine"],
  async up({ folders }: StepContext): Promise<void> {
    // The kubeconfig is written last: when it is there, all is there.
    if (existsSync(folders.kubeconfig)) return;
    const paths = credentials(folders);
    mkdirSync(join(folders.state, "credentials"), { recursive: true, mode: 0o700 });
    const authority = await createAuthority("Controlled egress lab cluster");
    writeFileSync(paths.authority, authority.certificate);
    const hosts = [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ];
    const addresses = ["localhost", "127.0.0.1", NODE_ADDRESS, API_SERVICE_ADDRESS];
    write(paths.api, await issue(authority, { commonName: "kube-apiserver", hosts: [...hosts, ...addresses] }));
    write(paths.kubeletClient, await issue(authority, { commonName: "lab-apiserver", organization: "system:masters" }));
    const { privateKey, publicKey } = await createKeyPair();
    writeFileSync(paths.serviceAccounts.publicKey, publicKey);
    writeSecret(paths.serviceAccounts.privateKey, privateKey);
    const token = randomBytes(24).toString("hex");
    writeSecret(paths.adminToken, token);
    writeSecret(paths.tokens, `${token},lab-admin,lab-admin,"system:masters"\n`);
    writeSecret(folders.kubeconfig, kubeconfig(authority.certificate, token));
  },
};

function write(paths: { certificate: string; key: string }, { certificate, key }: Certificate): void {
  writeFileSync(paths.certificate, certificate);
  writeSecret(paths.key, key);
}

function writeSecret(path: string, text: string): void {
  writeIfNew(path, text, 0o600);
}

function kubeconfig(authority: string, token: string): string {
  const cluster = { server: `https://${NODE_ADDRESS}:${API_PORT}`, "certificate-authority-data": base64(authority) };
  return dump({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster }],
    users: [{ name: "lab-admin", user: { token } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab-admin" } }],
    "current-context": "lab",
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The administrator's token; undefined before the cluster was made. */
export function readAdminToken(folders: Folders): string | undefined {
  const path = credentials(folders).adminToken;
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
