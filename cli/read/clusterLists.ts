import type { Manifest } from "../../graph/manifest";
import { ApiRefusal, type ClusterClient } from "./clusterClient";
import type { ClusterKind } from "./clusterKinds";

/** Objects a page: pages of few hundred keep both sides' memory low (Kubernetes docs, "Retrieving large results in chunks"). */
export const PAGE = 500;

/** A kind that the cluster has, with the version to ask for. */
export interface ServedKind extends ClusterKind {
  version: string;
}

interface ApiGroup {
  name: string;
  preferredVersion: { version: string };
  versions: { version: string }[];
}

interface Page {
  items?: Partial<Manifest>[] | null;
  metadata?: { continue?: string };
}

/** Those of the kinds that the cluster serves, each in the version that the server prefers among those that have it. */
export async function servedKinds(client: ClusterClient, wanted: readonly ClusterKind[]): Promise<ServedKind[]> {
  const groups = new Map((await client.get<{ groups: ApiGroup[] }>("/apis")).groups.map((each) => [each.name, each]));
  const byGroup = new Map<string, ClusterKind[]>();
  for (const kind of wanted) byGroup.set(kind.group, [...(byGroup.get(kind.group) ?? []), kind]);
  const found = await Promise.all(
    [...byGroup].map(([group, kinds]) => servedIn(client, groups.get(group), group, kinds)),
  );
  return found.flat();
}

async function servedIn(client: ClusterClient, group: ApiGroup | undefined, name: string, kinds: ClusterKind[]) {
  const found: ServedKind[] = [];
  let rest = kinds;
  for (const version of name === "" ? ["v1"] : versionsOf(group)) {
    if (rest.length === 0) break;
    const { resources } = await client.get<{ resources: { name: string }[] }>(pathOf(name, version));
    const names = new Set(resources.map((each) => each.name));
    found.push(...rest.filter(({ resource }) => names.has(resource)).map((kind) => ({ ...kind, version })));
    rest = rest.filter(({ resource }) => !names.has(resource));
  }
  return found;
}

function versionsOf(group: ApiGroup | undefined): string[] {
  if (group === undefined) return [];
  return [...new Set([group.preferredVersion.version, ...group.versions.map(({ version }) => version)])];
}

/** All objects of a kind, of all namespaces, page by page; `onPage` hears how many more there are. */
export async function listAll(
  client: ClusterClient,
  kind: ServedKind,
  onPage: (objects: number) => void = () => {},
): Promise<Manifest[]> {
  try {
    return await pages(client, kind, PAGE, onPage);
  } catch (error) {
    // The list is older than what the server remembers: what is left of it can only be had at one go.
    if (error instanceof ApiRefusal && error.status === 410) return pages(client, kind, undefined, onPage);
    throw error;
  }
}

async function pages(client: ClusterClient, kind: ServedKind, limit: number | undefined, onPage: (n: number) => void) {
  const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  const found: Manifest[] = [];
  let next: string | undefined;
  do {
    const page = await client.get<Page>(listPath(kind, limit, next));
    const items = page.items ?? [];
    // Items of a list need not repeat their type.
    for (const item of items) found.push({ ...item, apiVersion, kind: kind.kind } as Manifest);
    onPage(items.length);
    next = page.metadata?.continue;
  } while (next !== undefined && next !== "");
  return found;
}

function listPath(kind: ServedKind, limit: number | undefined, next: string | undefined): string {
  const query = new URLSearchParams();
  if (kind.labelSelector !== undefined) query.set("labelSelector", kind.labelSelector);
  if (limit !== undefined) query.set("limit", String(limit));
  if (next !== undefined && next !== "") query.set("continue", next);
  const path = `${pathOf(kind.group, kind.version)}/${kind.resource}`;
  return query.size === 0 ? path : `${path}?${query}`;
}

function pathOf(group: string, version: string): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}
