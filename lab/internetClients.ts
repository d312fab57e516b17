import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, issue } from "./certificates";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import type { Step, StepContext } from "./step";

/** PEM files for mutual TLS with the lab's internet. They are made with the lab and go with it. */
export interface InternetClientFiles {
  /** The authority of clients, whom `mutual.example` trusts. */
  authority: string;
  /** A client that it lets in: `CN=lab-client, O=Controlled egress lab`. */
  certificate: string;
  key: string;
  /** One of another authority, whom it refuses: `CN=stranger`. */
  strangerCertificate: string;
  strangerKey: string;
}

export function internetClientFiles(folders: Folders): InternetClientFiles {
  const at = (name: string): string => join(clientsFolder(folders), name);
  return {
    authority: at("ca.crt"),
    certificate: at("client.crt"),
    key: at("client.key"),
    strangerCertificate: at("stranger.crt"),
    strangerKey: at("stranger.key"),
  };
}

export const internetClientsStep: Step = {
  name: "internet-clients",
  title: "client certificates for the internet",
  needs: ["machine"],
  async up({ folders }: StepContext): Promise<void> {
    const files = internetClientFiles(folders);
    if (isComplete(files)) return;
    rmSync(clientsFolder(folders), { recursive: true, force: true });
    mkdirSync(clientsFolder(folders), { recursive: true });
    const authority = await createAuthority("Controlled egress lab clients");
    const client = await issue(authority, { commonName: "lab-client", organization: "Controlled egress lab" });
    const stranger = await issue(await createAuthority("Strangers"), { commonName: "stranger" });
    writeIfNew(files.certificate, client.certificate);
    writeIfNew(files.key, client.key, 0o600);
    writeIfNew(files.strangerCertificate, stranger.certificate);
    writeIfNew(files.strangerKey, stranger.key, 0o600);
    writeIfNew(files.authority, authority.certificate);
  },
  check: async ({ folders }) => (isComplete(internetClientFiles(folders)) ? undefined : "files are missing"),
};

export function readClientAuthority(folders: Folders): string {
  return readFileSync(internetClientFiles(folders).authority, "utf8");
}

function isComplete(files: InternetClientFiles): boolean {
  return Object.values(files).every((file) => existsSync(file));
}

function clientsFolder(folders: Folders): string {
  return join(folders.state, "internet", "clients");
}
