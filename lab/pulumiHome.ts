import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Folders } from "./folders";
import { HOST_PLUGIN, installLanguageHost } from "./languageHost/install";

/** The release that package.json pins; the engine takes a plugin from its folder only at exactly the SDK's version. */
export const KUBERNETES_PLUGIN = "resource-kubernetes-v4.25.0";

/** What a Pulumi folder is filled from. */
export interface PulumiParts {
  /** The project's checkout: its node_modules serve programs that have none. */
  project: string;
  /** The program `pulumi-resource-kubernetes`. */
  kubernetesPlugin: string;
}

/** Makes `<folders.pulumi>/home` with its plugins and the empty backend, from any state. Nothing else is touched. */
export function fillPulumiHome(folders: Pick<Folders, "pulumi">, parts: PulumiParts): void {
  const plugins = join(folders.pulumi, "home", "plugins");
  mkdirSync(join(plugins, KUBERNETES_PLUGIN), { recursive: true });
  mkdirSync(join(folders.pulumi, "state"), { recursive: true });
  link(parts.kubernetesPlugin, join(plugins, KUBERNETES_PLUGIN, "pulumi-resource-kubernetes"));
  installLanguageHost(plugins, parts.project);
}

/** Whether each plugin is in its place. */
export function hasPulumiHome(folders: Pick<Folders, "pulumi">): boolean {
  const plugins = join(folders.pulumi, "home", "plugins");
  return [`${KUBERNETES_PLUGIN}/pulumi-resource-kubernetes`, `${HOST_PLUGIN}/pulumi-language-nodejs`].every((program) =>
    existsSync(join(plugins, program)),
  );
}

/**
 * What turns a `pulumi` typed in a project's folder into one of the lab: its own file backend, no login, no
 * look-up in the network. The passphrase encrypts the secrets of a stack whose state is on this disk anyway.
 */
export function pulumiEnvironment(folders: Pick<Folders, "pulumi">): Record<string, string> {
  return {
    PULUMI_HOME: join(folders.pulumi, "home"),
    PULUMI_BACKEND_URL: `file://${join(folders.pulumi, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "lab",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    // `tsc` is a step of its own; without this each run of a program type-checks all of the Kubernetes SDK.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}

/** A symbolic link at `path` to `target`, whatever was there. */
export function link(target: string, path: string): void {
  if (existsSync(path) && lstatSync(path).isSymbolicLink() && readlinkSync(path) === target) return;
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
