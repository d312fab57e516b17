import { run, succeeds } from "./commands";

/** Chains that Kubernetes and the CNI plugins make. */
const OURS = /^(KUBE|CNI)-/;

/** Takes away every chain whose name matches, and the jumps to it, for IPv4 and IPv6; other rules stay. */
export async function removeChains(names: RegExp): Promise<void> {
  for (const family of ["iptables", "ip6tables"]) {
    const saved = await run(`${family}-save`, []).catch(() => "");
    const undo = undoing(saved, names);
    if (undo !== "") await run(`${family}-restore`, ["--noflush"], undo);
  }
}

/** Takes away every chain of Kubernetes and of the CNI plugins. */
export async function removeKubernetesChains(): Promise<void> {
  await removeChains(OURS);
  // Connections remembered for services that are gone.
  await succeeds("conntrack", ["-D", "-s", "198.18.0.0/15"]);
}

/** Names of chains that are left, for a check. */
export async function kubernetesChains(): Promise<string[]> {
  const saved = (
    await Promise.all(["iptables-save", "ip6tables-save"].map((name) => run(name, []).catch(() => "")))
  ).join("\n");
  return saved
    .split("\n")
    .filter((line) => line.startsWith(":"))
    .map((line) => line.slice(1).split(" ")[0] ?? "")
    .filter((chain) => OURS.test(chain));
}

/** From what iptables-save prints: what undoes the part of these names, in the language of iptables-restore. */
export function undoing(saved: string, names: RegExp = OURS): string {
  const tables = saved.split(/^(?=\*)/m).filter((part) => part.startsWith("*"));
  return tables.map((part) => undoTable(part, names)).join("");
}

function undoTable(part: string, names: RegExp): string {
  const lines = part.split("\n");
  const chains = lines
    .filter((line) => line.startsWith(":"))
    .map((line) => line.slice(1).split(" ")[0] ?? "")
    .filter((chain) => names.test(chain));
  if (chains.length === 0) return "";
  const jumps = lines.filter((line) => /^-A \S+/.test(line) && !names.test(line.slice(3)) && names.test(target(line)));
  return [
    lines[0],
    ...jumps.map((line) => line.replace(/^-A/, "-D")),
    ...chains.map((chain) => `-F ${chain}`),
    ...chains.map((chain) => `-X ${chain}`),
    "COMMIT",
    "",
  ].join("\n");
}

function target(rule: string): string {
  return /\s-[jg] (\S+)/.exec(rule)?.[1] ?? "";
}
