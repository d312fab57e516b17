import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Folders, labFolders } from "./folders";
import { pulumiIsInstalled } from "./installedPulumi";
import { internetAuthorityFile } from "./internetAuthority";
import { type InternetClientFiles, internetClientFiles } from "./internetClients";
import { type InternetEvent, readInternetLog } from "./internetLog";
import { kubectl as labKubectl } from "./kubectl";
import { problems } from "./lab";
import { pulumiEnvironment } from "./pulumiHome";

export { INTERNET_RANGE, POD_RANGE } from "./addresses";
export type { Folders } from "./folders";
export { APP_IMAGE } from "./images";
export type { Call as InternetCall } from "./internetAnswer";
export type { InternetClientFiles } from "./internetClients";
export { INTERNET_BLOCK, INTERNET_HOSTS, type InternetHost, internetAddress, SPECIAL_HOSTS } from "./internetHosts";
export type { InternetEvent } from "./internetLog";
export { INTERNET_PORTS } from "./internetPorts";
export type { Step, StepContext } from "./step";

/** What tests, the demo and the benches use of the lab. */

/**
 * Where everything is. Files: `internetAuthority`, what a caller must trust; `internetClients`, certificates for mutual
 * TLS.
 */
export function labPaths(): Folders & { internetAuthority: string; internetClients: InternetClientFiles } {
  const folders = labFolders();
  const internetAuthority = internetAuthorityFile(folders);
  return { ...folders, internetAuthority, internetClients: internetClientFiles(folders) };
}

/** The variables that make kubectl, the stack and Pulumi use the lab; PATH begins with the lab's bin folder. */
export function labEnvironment(): Record<string, string> {
  const folders = labFolders();
  return {
    PATH: withFirst(folders.bin, process.env.PATH ?? ""),
    KUBECONFIG: folders.kubeconfig,
    CONTROLLED_EGRESS_OVERLAY: folders.overlay,
    ...pulumiEnvironment(folders),
    PULUMI_SKIP_CONFIRMATIONS: "true", // the lab's cluster is there to be played with
  };
}

/**
 * What serves a user with a cluster of his own: no kubeconfig, nothing laid over the config. His own Pulumi, with his own
 * backend, where it is installed; else the lab's, with a backend that outlives the lab.
 */
export function pulumiEnvironmentAlone(): Record<string, string> {
  const folders = labFolders();
  if (pulumiIsInstalled(folders)) return {};
  const backend = join(ownClusterFolder(), "state");
  mkdirSync(backend, { recursive: true });
  return {
    PATH: withFirst(folders.bin, process.env.PATH ?? ""),
    ...pulumiEnvironment(folders),
    PULUMI_BACKEND_URL: `file://${backend}`,
  };
}

/** What is kept of stacks on a cluster of the user's own: `lab down` does not touch it. */
export function ownClusterFolder(): string {
  return join(dirname(labFolders().state), "own-cluster");
}

/** Runs kubectl on the lab as its administrator and returns its output. @throws Error with kubectl's own message */
export function kubectl(args: readonly string[], input = ""): Promise<string> {
  return labKubectl(labFolders(), args, input);
}

/** Whether the whole lab is up and well; about 0.3 s. */
export async function isUp(): Promise<boolean> {
  return (await labProblems()).length === 0;
}

/** What is wrong with the lab, a line a part: empty when it is up and well. */
export async function labProblems(): Promise<string[]> {
  const folders = labFolders();
  if (!existsSync(folders.kubeconfig)) return ["the lab is down"];
  return [...(await problems(folders))].map(([part, problem]) => `${part}: ${problem}`);
}

/** What reached the lab's internet since a moment: by `peer` it shows which pod called. */
export function internetLog(since?: Date): InternetEvent[] {
  return readInternetLog(labFolders(), since);
}

function withFirst(folder: string, path: string): string {
  const others = path.split(delimiter).filter((each) => each !== folder);
  return [folder, ...others].join(delimiter);
}
