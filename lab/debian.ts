import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { run, runLogged, succeeds } from "./commands";
import type { Folders } from "./folders";
import { findProgram } from "./host";
import type { Step, StepContext } from "./step";

const PACKAGES = [
  "conntrack",
  "containerd",
  "containernetworking-plugins",
  "debootstrap",
  "etcd-server",
  "iptables",
  "iproute2",
  "ipset",
  "runc",
];

/** Debian's packages: only those that are missing are installed, and none of their services is started. They stay. */
export const debianStep: Step = {
  name: "debian",
  title: "Debian packages",
  needs: [],
  async up({ folders, say }: StepContext): Promise<void> {
    const missing = await missingPackages();
    if (missing.length === 0) return;
    say(missing.join(" "));
    await withoutServices(async () => {
      // An installation that was cut short must be ended first.
      await runLogged(folders, "debian", { command: "dpkg", args: ["--configure", "-a"] });
      await apt(folders, ["update"]);
      await apt(folders, ["install", "--yes", "--no-install-recommends", ...missing]);
    });
  },
  async check(): Promise<string | undefined> {
    const missing = await missingPackages();
    return missing.length === 0 ? undefined : `not installed: ${missing.join(" ")}`;
  },
};

async function missingPackages(): Promise<string[]> {
  const wanted = [...PACKAGES, ...((await hasPip()) ? [] : ["python3-pip"])];
  const listed = await run("sh", [
    "-c",
    `dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' ${wanted.join(" ")} 2>&1 || true`,
  ]);
  const installed = new Set(
    listed
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

let pip: boolean | undefined;
async function hasPip(): Promise<boolean> {
  pip ??= Boolean(findProgram("pip3") ?? findProgram("pip")) || (await succeeds("python3", ["-m", "pip", "--version"]));
  return pip;
}

async function apt(folders: Folders, args: string[]): Promise<void> {
  await runLogged(folders, "debian", {
    command: "apt-get",
    args: ["-o", "DPkg::Lock::Timeout=120", ...args],
    environment: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

const POLICY = "/usr/sbin/policy-rc.d";

/** Debian starts a package's service at once unless this script says no; an existing one of the user's is left alone. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
  chmodSync(POLICY, 0o755);
  try {
    await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}
