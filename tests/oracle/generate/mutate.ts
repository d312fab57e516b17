import type { Manifest } from "../../../graph/manifest";

/** Values that may stand in for one another, so that a change stays plausible. */
const KINDS: unknown[][] = [
  ["x.com", "www.x.com", "y.com", "*.x.com", "*", "gw.egress.svc.cluster.local", "web.app2.svc.cluster.local"],
  [80, 443, 8080, 8443, 15443],
  ["HTTP", "HTTPS", "TLS", "TCP"],
  ["ISTIO_MUTUAL", "SIMPLE", "DISABLE", "PASSTHROUGH", "MUTUAL"],
  ["DNS", "STATIC", "NONE", "DNS_ROUND_ROBIN"],
  ["mesh", "egress/gateway-a", "gateway-a", "app/gateway-a"],
  ["./*", "egress/*", "*/*", "~/*", "egress/x.com", "./x.com"],
  ["egress", "app", "other", "istio-system"],
  ["egressgateway", "egressgateway2"],
  ["REGISTRY_ONLY", "ALLOW_ANY"],
  ["cluster.local/ns/app/sa/a", "cluster.local/ns/app/sa/b", "cluster.local/ns/egress/sa/gw", "*"],
  [".", "app", "egress", "*"],
];

type Path = (string | number)[];

/** The objects with some leaves changed; leaf and value are taken modulo what there is. */
export function changed(objects: Manifest[], changes: { leaf: number; value: number }[]): Manifest[] {
  if (changes.length === 0) return objects;
  const copies = structuredClone(objects);
  for (const { leaf, value } of changes) {
    const all = copies.flatMap((object, i) => leaves(object, [i]));
    const path = all[leaf % Math.max(all.length, 1)];
    if (!path) continue;
    const pool = KINDS.find((kind) => kind.includes(valueAt(copies, path)));
    if (pool) put(copies, path, pool[value % pool.length]);
  }
  return copies;
}

function leaves(value: unknown, path: Path): Path[] {
  if (Array.isArray(value)) return value.flatMap((entry, i) => leaves(entry, [...path, i]));
  if (value !== null && typeof value === "object") {
    return Object.entries(value)
      .filter(([name]) => !["apiVersion", "kind", "name", "creationTimestamp"].includes(name))
      .flatMap(([name, entry]) => leaves(entry, [...path, name]));
  }
  return [path];
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)?.[step], root);
}

function put(root: unknown, path: Path, value: unknown): void {
  const holder = valueAt(root, path.slice(0, -1)) as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last !== undefined) holder[last] = value;
}
