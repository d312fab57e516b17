import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, statSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { run } from "./commands";

/** One image: its layers from the lowest up, and how its process starts. */
export interface Image {
  /** E.g. `lab.local/app:1`. */
  name: string;
  layers: readonly Layer[];
  entrypoint?: readonly string[];
  command?: readonly string[];
  /** uid or uid:gid; root when left out. */
  user?: string;
}

/** A tar that is there already, or the files that make one. Images that share a layer name the same object. */
export type Layer = { tar: string } | { files: readonly LayerFile[] };

export interface LayerFile {
  /** Path in the image, without a leading slash. */
  path: string;
  from: { file: string } | { text: string };
  /** 0o755 unless told. */
  mode?: number;
}

/** Writes images as one archive in Docker's format, which `ctr images import` reads; a shared layer is in it once. */
export async function writeImageArchive(target: string, images: readonly Image[]): Promise<void> {
  const work = `${target}.layers`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const layers = new Map<Layer, { name: string; digest: string }>();
  const manifest: object[] = [];
  for (const image of images) {
    for (const layer of image.layers) {
      if (!layers.has(layer)) layers.set(layer, await writeLayer(work, layer, layers.size));
    }
    const written = image.layers.map((layer) => layers.get(layer)).filter((layer) => layer !== undefined);
    const config = imageConfig(
      image,
      written.map(({ digest }) => digest),
    );
    const name = `${createHash("sha256").update(config).digest("hex")}.json`;
    writeFileSync(join(work, name), config);
    manifest.push({ Config: name, RepoTags: [image.name], Layers: written.map((layer) => layer.name) });
  }
  writeFileSync(join(work, "manifest.json"), JSON.stringify(manifest));
  await run("tar", ["--dereference", "--sort=name", "-cf", target, "-C", work, "."]);
  await rm(work, { recursive: true, force: true });
}

async function writeLayer(folder: string, layer: Layer, index: number): Promise<{ name: string; digest: string }> {
  const name = `layer-${index}.tar`;
  const path = join(folder, name);
  if ("tar" in layer) await run("ln", ["-s", layer.tar, path]);
  else await pipeline(packFiles(layer.files), createWriteStream(path));
  return { name, digest: await sha256(path) };
}

/** Entries are written one after the other: each waits until the stream has taken the one before. */
function packFiles(files: readonly LayerFile[]): NodeJS.ReadableStream {
  const archive = pack();
  const output = archive.pipe(new PassThrough());
  const write = async (): Promise<void> => {
    for (const folder of parentFolders(files)) archive.entry({ name: `${folder}/`, type: "directory", mode: 0o755 });
    for (const { path, from, mode = 0o755 } of files) {
      const header = { name: path, mode, mtime: new Date(0) };
      if ("text" in from) archive.entry(header, from.text);
      else {
        const entry = archive.entry({ ...header, size: statSync(from.file).size });
        await pipeline(createReadStream(from.file), entry);
      }
    }
    archive.finalize();
  };
  write().catch((error: Error) => output.destroy(error));
  return output;
}

function parentFolders(files: readonly LayerFile[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  return [...folders].sort();
}

function imageConfig(image: Image, digests: readonly string[]): string {
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const { entrypoint: Entrypoint, command: Cmd, user: User } = image;
  const config = { Entrypoint, Cmd, User, Env: [`PATH=${path}`], WorkingDir: "/" };
  const rootfs = { type: "layers", diff_ids: digests.map((digest) => `sha256:${digest}`) };
  return JSON.stringify({
    architecture: "amd64",
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config,
    rootfs,
    history: [],
  });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
