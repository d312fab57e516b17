import type { Workload } from "../graph/explain/types";
import { suggest } from "../graph/intent/nearest";
import type { Mesh } from "../graph/mesh/mesh";
import { SidecarResource } from "../graph/mesh/sidecar";
import { madeAccount } from "../graph/reach/account";
import { BAD_QUESTION, CommandError, NO_SUCH_WORKLOAD } from "./exit";

/**
 * The pod that is meant: `namespace/name` of an owner of pods, else of a Sidecar whose selector stands for them (an
 * application of a stack whose workloads are elsewhere); or `namespace?label=value,…`. Throws `CommandError`.
 */
export function findWorkload(mesh: Mesh, text: string, serviceAccount?: string): Workload {
  const found = text.includes("?") ? byLabels(mesh, text) : byName(mesh, text);
  return serviceAccount === undefined ? found : { ...found, serviceAccount };
}

function byName(mesh: Mesh, text: string): Workload {
  const [namespace, name, ...rest] = text.split("/");
  if (!namespace || !name || rest.length > 0) throw malformed(text);
  const pods = mesh.podNamed(namespace, name);
  if (pods) return pods.asWorkload();
  const sidecar = mesh.object("Sidecar", namespace, name);
  const selector = sidecar && new SidecarResource(sidecar).selector;
  if (!selector) throw missing(mesh, text);
  return { namespace, name, labels: selector as Record<string, string>, ...account(mesh, namespace, name) };
}

function byLabels(mesh: Mesh, text: string): Workload {
  const namespace = text.slice(0, text.indexOf("?"));
  const pairs = text.slice(namespace.length + 1).split(/[,&]/);
  if (namespace === "" || !pairs.every((pair) => /^[^=]+=.*$/.test(pair))) throw malformed(text);
  const labels = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const like = mesh
    .podCandidates(namespace, labels)
    .find((pods) => Object.entries(labels).every(([key, value]) => pods.labels[key] === value));
  return { namespace, name: text, labels, ...(like && { serviceAccount: like.serviceAccount }) };
}

function account(mesh: Mesh, namespace: string, name: string): { serviceAccount?: string } {
  const serviceAccount = madeAccount(mesh, namespace, name);
  return serviceAccount === undefined ? {} : { serviceAccount };
}

function malformed(text: string): CommandError {
  return new CommandError(`workload "${text}" is neither namespace/name nor namespace?label=value.`, BAD_QUESTION);
}

function missing(mesh: Mesh, text: string): CommandError {
  const known = mesh.pods.map((pods) => `${pods.namespace}/${pods.name}`);
  const fix = suggest(text, known, "Name an owner of pods that is among them, or write namespace?label=value");
  return new CommandError(
    `workload "${text}" is not among the objects. ${fix}${/[.?]$/.test(fix) ? "" : "."}`,
    NO_SUCH_WORKLOAD,
  );
}
