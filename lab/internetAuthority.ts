import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { makeOnce } from "./cache";
import { type Certificate, createAuthority } from "./certificates";
import type { Folders } from "./folders";
import type { Step, StepContext } from "./step";

/** PEM file: what a client must trust to call the lab's internet by HTTPS; the lab's images trust it. */
export function internetAuthorityFile(folders: Folders): string {
  return join(authorityFolder(folders), "ca.crt");
}

export function readInternetAuthority(folders: Folders): Certificate {
  return {
    certificate: readFileSync(internetAuthorityFile(folders), "utf8"),
    key: readFileSync(join(authorityFolder(folders), "ca.key"), "utf8"),
  };
}

/** The internet's certificate authority. It is in the cache because the images, made once, must trust it. */
export const internetAuthorityStep: Step = {
  name: "internet-ca",
  title: "the internet's certificate authority",
  needs: [],
  async up({ folders }: StepContext): Promise<void> {
    await makeOnce(authorityFolder(folders), async (temporary) => {
      const authority = await createAuthority("Controlled egress lab internet");
      await mkdir(temporary, { recursive: true });
      writeFileSync(join(temporary, "ca.crt"), authority.certificate);
      writeFileSync(join(temporary, "ca.key"), authority.key, { mode: 0o600 });
    });
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    return existsSync(authorityFolder(folders)) ? undefined : "not made yet";
  },
};

function authorityFolder(folders: Folders): string {
  return join(folders.cache, "internet-ca");
}
