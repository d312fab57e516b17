import { join } from "node:path";
import { execa } from "execa";
import type { Folders } from "./folders";

/** The folder of Go's module cache that holds a module which the cluster's go.mod asks for; downloaded when missing. */
export async function goModule(folders: Folders, module: string): Promise<{ folder: string; version: string }> {
  const cwd = join(folders.project, "lab", "programs", "cluster");
  const env = { GOFLAGS: "-mod=readonly" };
  const result = await execa("go", ["mod", "download", "-json", module], { cwd, env, reject: false });
  if (result.failed) throw new Error(`go mod download ${module}: ${result.stderr || result.stdout}`);
  const { Dir, Version } = JSON.parse(result.stdout) as { Dir: string; Version: string };
  return { folder: Dir, version: Version };
}
