import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Where everything of the lab is: absolute paths. Nothing is written in the checkout. */
export interface Folders {
  /** The project's checkout. */
  project: string;
  /** What is built or downloaded once and shared by every clone: `$XDG_CACHE_HOME/controlled-egress`. */
  cache: string;
  /** The running lab, removed by `down`: `$XDG_STATE_HOME/controlled-egress/lab`. */
  state: string;
  /** Links to the programs a user types: kubectl, istioctl, ctr, pulumi. */
  bin: string;
  /** One file a part: `<name>.log`. */
  logs: string;
  /** One file a running process of ours. */
  pids: string;
  /** The Pulumi part's own folder: home, plugins, file backend. */
  pulumi: string;
  /** A file: the cluster's administrator. */
  kubeconfig: string;
  /** A file: what the lab lays over the stack's config. */
  overlay: string;
  /** A file: one JSON line for each request that reached the lab's internet. */
  internetLog: string;
}

/** The folders for an environment (default: this process's). */
export function labFolders(environment: Record<string, string | undefined> = process.env): Folders {
  const home = environment.HOME ?? homedir();
  const cache = join(environment.XDG_CACHE_HOME || join(home, ".cache"), "controlled-egress");
  const state = join(environment.XDG_STATE_HOME || join(home, ".local", "state"), "controlled-egress", "lab");
  return {
    project: dirname(__dirname),
    cache,
    state,
    bin: join(state, "bin"),
    logs: join(state, "logs"),
    pids: join(state, "pids"),
    pulumi: join(state, "pulumi"),
    kubeconfig: join(state, "kubeconfig"),
    overlay: join(state, "overlay.yaml"),
    internetLog: join(state, "logs", "internet-access.jsonl"),
  };
}
