import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheKey, makeOnce } from "./cache";
import { runLogged } from "./commands";
import type { Folders } from "./folders";
import type { Step, StepContext } from "./step";

const RECIPE = {
  suite: "bookworm",
  // Python is for calls that curl would not make: raw bytes, odd TLS, datagrams.
  include: ["iptables", "curl", "ca-certificates", "iproute2", "openssl", "python3-minimal"],
  exclude: [
    "./dev/*",
    "./proc/*",
    "./sys/*",
    "./usr/share/doc/*",
    "./usr/share/man/*",
    "./usr/share/locale/*",
    "./var/cache/apt/*",
    "./var/lib/apt/lists/*",
    "./var/log/*",
  ],
  version: 1,
};

/** The layer that the lab's images share: a small Debian, as one tar. */
export function rootfsTar(folders: Folders): string {
  return join(rootfsFolder(folders), "rootfs.tar");
}

/** Debian's own list of authorities, to which the images add the lab's. */
export function rootfsAuthorities(folders: Folders): string {
  return join(rootfsFolder(folders), "ca-certificates.crt");
}

export const rootfsStep: Step = {
  name: "rootfs",
  title: "a small Debian for the images",
  needs: ["debian"],
  async up({ folders, say }: StepContext): Promise<void> {
    await makeOnce(rootfsFolder(folders), async (temporary) => {
      const tree = join(temporary, "tree");
      await mkdir(tree, { recursive: true });
      say("debootstrap");
      const options = ["--variant=minbase", `--include=${RECIPE.include.join(",")}`];
      await runLogged(folders, "rootfs", { command: "debootstrap", args: [...options, RECIPE.suite, tree] });
      say("packing");
      const fixed = [
        "--sort=name",
        "--numeric-owner",
        "--mtime=@0",
        ...RECIPE.exclude.map((path) => `--exclude=${path}`),
      ];
      await runLogged(folders, "rootfs", {
        command: "tar",
        args: [...fixed, "-cf", join(temporary, "rootfs.tar"), "-C", tree, "."],
      });
      await copyFile(join(tree, "etc/ssl/certs/ca-certificates.crt"), join(temporary, "ca-certificates.crt"));
      await rm(tree, { recursive: true, force: true });
    });
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    return existsSync(rootfsFolder(folders)) ? undefined : "not made yet";
  },
};

/** Part of the images' key too. */
export function rootfsKey(): string {
  return cacheKey(RECIPE);
}

function rootfsFolder(folders: Folders): string {
  return join(folders.cache, `rootfs-${rootfsKey()}`);
}
