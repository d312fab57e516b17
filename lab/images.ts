import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheKey, makeOnce } from "./cache";
import { istioVersion } from "./charts";
import { run } from "./commands";
import { envoyProgram } from "./envoy";
import type { Folders } from "./folders";
import { goModule } from "./goModules";
import { type Image, type Layer, type LayerFile, writeImageArchive } from "./imageArchive";
import { internetAuthorityFile } from "./internetAuthority";
import { programsFolder } from "./programs";
import { rootfsAuthorities, rootfsTar } from "./rootfs";
import type { Step, StepContext } from "./step";

/** Where the charts find their images: `HUB/pilot:TAG`, `HUB/proxyv2:TAG`. */
export const ISTIO_HUB = "lab.local/istio";
export const ISTIO_TAG = "1.31";
/** A shell, curl and the lab's authority: for applications and tests. It waits until it is told to end. */
export const APP_IMAGE = "lab.local/app:1";
export const PAUSE_IMAGE = "lab.local/pause:1";
export const COREDNS_IMAGE = "lab.local/coredns:1";

/** Raise it when an image's content changes in a way that its inputs do not show. */
const RECIPE = 1;

/** The archive that the node needs first: small, so that cluster DNS starts early. */
export function nodeImages(folders: Folders): string {
  return join(folders.cache, `images-node-${imagesKey(folders)}.tar`);
}

/** The archive of Istio's images and the application's. */
export function workloadImages(folders: Folders): string {
  return join(folders.cache, `images-${imagesKey(folders)}.tar`);
}

export const imagesStep: Step = {
  name: "images",
  title: "container images",
  needs: ["build-cluster", "envoy", "rootfs", "internet-ca"],
  async up({ folders }: StepContext): Promise<void> {
    await makeOnce(nodeImages(folders), async (temporary) =>
      writeImageArchive(temporary, await nodeImageList(folders)),
    );
    await makeOnce(workloadImages(folders), async (temporary) =>
      writeImageArchive(temporary, await workloadImageList(folders)),
    );
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    return existsSync(nodeImages(folders)) && existsSync(workloadImages(folders)) ? undefined : "not made yet";
  },
};

async function nodeImageList(folders: Folders): Promise<Image[]> {
  const cluster = programsFolder(folders, "cluster");
  return [
    { name: PAUSE_IMAGE, layers: [{ files: await sleepProgram() }], entrypoint: ["/bin/sleep", "infinity"] },
    { name: COREDNS_IMAGE, layers: [{ files: [program(cluster, "coredns", "coredns")] }], entrypoint: ["/coredns"] },
  ];
}

async function workloadImageList(folders: Folders): Promise<Image[]> {
  const cluster = programsFolder(folders, "cluster");
  const istio = await goModule(folders, "istio.io/istio");
  const base: Layer = { tar: rootfsTar(folders) };
  const bootstrap = join(istio.folder, "tools", "packaging", "common", "envoy_bootstrap.json");
  const proxy: LayerFile[] = [
    program(cluster, "pilot-agent", "usr/local/bin/pilot-agent"),
    { path: "usr/local/bin/envoy", from: { file: envoyProgram(folders) } },
    { path: "var/lib/istio/envoy/envoy_bootstrap_tmpl.json", from: { file: bootstrap }, mode: 0o644 },
  ];
  const pilot = [program(cluster, "pilot-discovery", "usr/local/bin/pilot-discovery")];
  return [
    { name: APP_IMAGE, layers: [base, { files: [trustedAuthorities(folders)] }], command: untilTold() },
    {
      name: `${ISTIO_HUB}/proxyv2:${ISTIO_TAG}`,
      layers: [base, { files: proxy }],
      entrypoint: ["/usr/local/bin/pilot-agent"],
    },
    {
      name: `${ISTIO_HUB}/pilot:${ISTIO_TAG}`,
      layers: [base, { files: pilot }],
      entrypoint: ["/usr/local/bin/pilot-discovery"],
      user: "1337:1337",
    },
  ];
}

/** A shell as the first process ignores TERM unless it traps it; pods would take their whole grace period to end. */
function untilTold(): string[] {
  return ["/bin/sh", "-c", "trap 'exit 0' TERM INT; sleep infinity & wait"];
}

function program(folder: string, name: string, path: string): LayerFile {
  return { path, from: { file: join(folder, name) } };
}

function trustedAuthorities(folders: Folders): LayerFile {
  const text = readFileSync(rootfsAuthorities(folders), "utf8") + readFileSync(internetAuthorityFile(folders), "utf8");
  return { path: "etc/ssl/certs/ca-certificates.crt", from: { text }, mode: 0o644 };
}

/** The machine's own `sleep` with the libraries that it loads: 2 MB, where a layer of Debian would be 130. */
async function sleepProgram(): Promise<LayerFile[]> {
  const libraries = (await run("ldd", ["/bin/sleep"])).match(/\/\S+/g) ?? [];
  return ["/bin/sleep", ...libraries].map((file) => ({ path: file.slice(1), from: { file } }));
}

function imagesKey(folders: Folders): string {
  return cacheKey([
    RECIPE,
    basename(programsFolder(folders, "cluster")),
    envoyProgram(folders),
    rootfsTar(folders),
    istioVersion(folders),
    existsSync(internetAuthorityFile(folders)) ? readFileSync(internetAuthorityFile(folders), "utf8") : "",
  ]);
}
