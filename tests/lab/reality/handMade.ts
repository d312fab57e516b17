import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { Manifest } from "../../../graph/manifest";
import { manifests } from "../../cases/ask";
import { readCall, type WrittenCall } from "./calls";
import type { RealCase } from "./realCase";

interface Written {
  title: string;
  /** Of bases.yaml; default "nothing". */
  base?: string;
  /** Objects of the base that are missing: `Kind namespace/name`. */
  without?: string[];
  service?: number;
  /** One a line, as in tests/cases/ask.ts; `@1`, `@2` … are stages. They replace the base's of the same kind and name. */
  objects?: string;
  calls: WrittenCall[];
}

const FOLDER = join(__dirname, "cases");

/** The cases written by hand: a file a theme. */
export function handMade(): RealCase[] {
  const bases = load(readFileSync(join(__dirname, "bases.yaml"), "utf8")) as Record<string, string>;
  const files = readdirSync(FOLDER).sort();
  return files.flatMap((file) => {
    const theme = file.replace(/\.yaml$/, "");
    const list = load(readFileSync(join(FOLDER, file), "utf8")) as Written[];
    return list.map((written) => realCase(theme, written, bases));
  });
}

function realCase(theme: string, written: Written, bases: Record<string, string>): RealCase {
  const { title, base = "nothing", without = [], objects = "", calls, service = 1 } = written;
  if (bases[base] === undefined) throw new Error(`${title}: no base ${base}`);
  const found = new Map<string, Manifest>();
  for (const object of manifests(bases[base])) found.set(key(object), object);
  for (const name of without) if (!found.delete(name)) throw new Error(`${title}: the base has no ${name}`);
  for (const object of manifests(objects)) found.set(key(object), object);
  return { title: `${theme}: ${title}`, stages: stages([...found.values()]), calls: calls.map(readCall), service };
}

function key({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

/** By their written age; written ages go, as the cluster gives its own. */
function stages(objects: Manifest[]): Manifest[][] {
  const found = new Map<string, Manifest[]>();
  for (const { metadata, ...rest } of objects) {
    const { creationTimestamp = "", ...kept } = metadata;
    found.set(creationTimestamp, [...(found.get(creationTimestamp) ?? []), { ...rest, metadata: kept } as Manifest]);
  }
  return [...found].sort(([x], [y]) => x.localeCompare(y)).map(([, list]) => list);
}
