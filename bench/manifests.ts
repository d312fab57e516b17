import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import type { Manifest } from "../graph";
import { benchObjects } from "./intent";

/** Objects in a file: as many as a person would still open. */
const PER_FILE = 500;

/** The bench's objects, each as `change` leaves it, as a folder of YAML. */
export function writeManifests(
  destinations: number,
  folder: string,
  change: (object: Manifest) => Manifest = (object) => object,
): void {
  const objects = benchObjects(destinations).map(change);
  mkdirSync(folder, { recursive: true });
  for (let start = 0; start < objects.length; start += PER_FILE) {
    const text = objects
      .slice(start, start + PER_FILE)
      .map((object) => dump(object))
      .join("---\n");
    writeFileSync(join(folder, `${String(start).padStart(6, "0")}.yaml`), text);
  }
}
