import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import pLimit from "p-limit";
import { cacheKey, makeOnce } from "./cache";
import { runLogged } from "./commands";
import { logFile } from "./daemon";
import { freeGigabytes } from "./disk";
import type { Folders } from "./folders";
import { pulumiIsInstalled } from "./installedPulumi";
import type { Step, StepContext } from "./step";

/** A Go module of the lab (`lab/programs/<name>`) and how its programs are built. */
interface GoPrograms {
  name: ProgramsName;
  title: string;
  ldflags: string;
  /** What `go build` is asked for: all tools of the go.mod, or the module's own main, with the file it becomes. */
  packages: "tool" | { main: string };
  /** True when there is no need of them on this machine. */
  isNeedless?(folders: Folders): boolean;
}

export type ProgramsName = "cluster" | "pulumi" | "provider" | "networkpolicy";

const KUBERNETES = "k8s.io/component-base/version";

// The longest build comes first, so that the last to end is a short one.
const PROGRAMS: readonly GoPrograms[] = [
  {
    name: "cluster",
    title: "Kubernetes, Istio and CoreDNS, compiled",
    // Charts that ask for a kubeVersion refuse a cluster without a stamped one.
    ldflags: `-s -w -X ${KUBERNETES}.gitVersion=v1.36.3 -X ${KUBERNETES}.gitMajor=1 -X ${KUBERNETES}.gitMinor=36`,
    packages: "tool",
  },
  {
    name: "provider",
    title: "Pulumi's Kubernetes provider, compiled",
    ldflags: "-s -w",
    packages: { main: "pulumi-resource-kubernetes" },
    isNeedless: pulumiIsInstalled,
  },
  {
    name: "pulumi",
    title: "Pulumi's engine and command line, compiled",
    ldflags: "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.274.1",
    packages: "tool",
    isNeedless: pulumiIsInstalled,
  },
  {
    name: "networkpolicy",
    title: "kube-router, compiled",
    ldflags: "-s -w",
    packages: "tool",
  },
];

const COMMON = {
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly -buildvcs=false -trimpath",
  // No debug information: it is stripped at the end anyway and costs time in each package.
  GCFLAGS: "all=-dwarf=false",
};

/** The folder that holds the built programs of one Go module, there or not yet. Its name tells what they are made from. */
export function programsFolder(folders: Folders, name: ProgramsName): string {
  const programs = PROGRAMS.find((one) => one.name === name);
  const source = join(folders.project, "lab", "programs", name);
  const files = readdirSync(source).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file));
  const contents = files.sort().map((file) => [file, digest(join(source, file))]);
  const flags = [programs?.ldflags, programs?.packages, COMMON];
  return join(folders.cache, "programs", `${name}-${cacheKey([contents, flags, goVersion(source), process.arch])}`);
}

const goVersions = new Map<string, string>();

/** The version that Go uses in a folder, where the go.mod may ask for a newer one. */
function goVersion(folder: string): string {
  const known = goVersions.get(folder) ?? execaSync("go", ["env", "GOVERSION"], { cwd: folder, reject: false }).stdout;
  goVersions.set(folder, known ?? "");
  return known ?? "";
}

// Two at a time keep two processors busy while one of the builds links.
const builds = pLimit(2);

const buildSteps: readonly Step[] = PROGRAMS.map((programs) => ({
  name: `build-${programs.name}`,
  title: programs.title,
  needs: [],
  async up(context: StepContext): Promise<void> {
    const target = programsFolder(context.folders, programs.name);
    if (existsSync(target) || programs.isNeedless?.(context.folders)) return;
    await builds(() => makeOnce(target, (temporary) => build(context, programs, temporary)));
  },
  async check({ folders }: StepContext): Promise<string | undefined> {
    const isThere = programs.isNeedless?.(folders) || existsSync(programsFolder(folders, programs.name));
    return isThere ? undefined : "not built yet";
  },
}));

/** The compiler's intermediate files serve all builds of one `up` and a build taken up again after a crash. */
const tidyStep: Step = {
  name: "build-tidy",
  title: "intermediate build files, removed",
  needs: buildSteps.map(({ name }) => name),
  async up({ folders }: StepContext): Promise<void> {
    removeIntermediates(folders);
  },
};

export function removeIntermediates(folders: Folders): void {
  rmSync(intermediateFolder(folders), { recursive: true, force: true });
}

export const programSteps: readonly Step[] = [...buildSteps, tidyStep];

async function build({ folders, say }: StepContext, programs: GoPrograms, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const source = join(folders.project, "lab", "programs", programs.name);
  const { GCFLAGS, ...environment } = { ...COMMON, GOCACHE: intermediateFolder(folders) };
  const what = programs.packages === "tool" ? "tool" : ".";
  const output = programs.packages === "tool" ? `${target}/` : join(target, programs.packages.main);
  assertRoom(folders);
  say("fetching Go modules");
  const total = await countPackages(source, environment, what);
  const name = `build-${programs.name}`;
  const stop = showProgress(logFile(folders, name), total, say);
  try {
    const args = ["build", "-v", "-gcflags", GCFLAGS, "-ldflags", programs.ldflags, "-o", output, what];
    await runLogged(folders, name, { command: "go", args, cwd: source, environment });
  } finally {
    stop();
  }
}

/** Intermediate files of the builds take some 11 GB at most. */
function assertRoom(folders: Folders): void {
  const taken = existsSync(intermediateFolder(folders));
  const free = freeGigabytes(folders.cache);
  if (!taken && free < 14) {
    throw new Error(
      `14 GB of disk are needed to compile, ${free.toFixed(0)} GB are free at ${folders.cache}: make room, or set XDG_CACHE_HOME`,
    );
  }
}

async function countPackages(cwd: string, environment: Record<string, string>, what: string): Promise<number> {
  const listed = await execa("go", ["list", "-deps", what], { cwd, env: environment, reject: false });
  if (listed.failed) throw new Error(`go list failed in ${cwd}: ${listed.stderr.split("\n").slice(-5).join("\n")}`);
  return listed.stdout.split("\n").length;
}

/** `go build -v` prints a line a compiled package; packages compiled before are not printed, so it may end early. */
function showProgress(log: string, total: number, say: (text: string) => void): () => void {
  const before = countLines(log);
  const timer = setInterval(() => {
    const done = Math.min(countLines(log) - before, total);
    say(`${done} of ${total} packages`);
  }, 1_000);
  return () => clearInterval(timer);
}

function countLines(path: string): number {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}

function intermediateFolder(folders: Folders): string {
  return join(folders.cache, "go-build");
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
