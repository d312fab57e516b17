import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { manifests, validate } from "../graph";
import { benchConfig } from "./intent";

/** Objects in a file: as many as a person would still open. */
const PER_FILE = 500;

/** The bench's objects as a folder of YAML. */
export function writeManifests(destinations: number, folder: string): void {
  const checked = validate(benchConfig(destinations));
  if (!checked.ok) throw new Error(`the bench's configuration is wrong: ${checked.problems[0]?.message}`);
  const objects = manifests(checked.intent);
  mkdirSync(folder, { recursive: true });
  for (let start = 0; start < objects.length; start += PER_FILE) {
    const text = objects
      .slice(start, start + PER_FILE)
      .map((object) => dump(object))
      .join("---\n");
    writeFileSync(join(folder, `${String(start).padStart(6, "0")}.yaml`), text);
  }
}
