import type { Manifest } from "../../graph/manifest";

/** True if the smaller list still shows the same difference. */
export type StillDiffers = (manifests: Manifest[]) => Promise<boolean>;

/** Takes objects, then fields, out of a counterexample for as long as the difference stays. */
export async function reduceManifests(manifests: Manifest[], differs: StillDiffers): Promise<Manifest[]> {
  let best = await withoutObjects(manifests, differs);
  for (let i = 0; i < best.length; i++) {
    const object = best[i];
    if (object && isConfiguration(object)) best = await withoutFields(best, i, differs);
  }
  return withoutObjects(best, differs);
}

const KEPT = new Set(["Namespace", "Pod", "Deployment"]);

function isConfiguration(object: Manifest): boolean {
  return !KEPT.has(object.kind) && object.kind !== "Service";
}

async function withoutObjects(manifests: Manifest[], differs: StillDiffers): Promise<Manifest[]> {
  let best = manifests;
  for (let i = best.length - 1; i >= 0; i--) {
    const smaller = best.filter((_, n) => n !== i);
    if (await differs(smaller)) best = smaller;
  }
  return best;
}

async function withoutFields(manifests: Manifest[], index: number, differs: StillDiffers): Promise<Manifest[]> {
  let best = manifests;
  for (let again = true; again; ) {
    again = false;
    const object = best[index];
    if (!object) return best;
    for (const path of removable(object.spec, ["spec"])) {
      const copy = structuredClone(best);
      const target = copy[index];
      if (!target || !remove(target, path) || !(await differs(copy))) continue;
      best = copy;
      again = true;
      break;
    }
  }
  return best;
}

type Path = (string | number)[];

/** Paths of fields and list entries, outer ones first. */
function removable(value: unknown, path: Path): Path[] {
  if (value === null || typeof value !== "object") return [];
  const steps: (string | number)[] = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  const own = steps.map((step) => [...path, step]);
  const inner = steps.flatMap((step) => removable((value as Record<string | number, unknown>)[step], [...path, step]));
  return [...own, ...inner];
}

function remove(root: Manifest, path: Path): boolean {
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], root);
  const last = path.at(-1);
  if (last === undefined || holder === null || typeof holder !== "object") return false;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete (holder as Record<string, unknown>)[last];
  return true;
}
