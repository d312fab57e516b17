import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import { manifestsOfJson } from "./json";
import { ReadProblem } from "./problem";
import { manifestsOfYaml } from "./yamlText";

/** Folders that hold no manifests of the user's, wherever they are. Those whose name starts with a dot neither. */
const NOT_MANIFESTS = new Set(["node_modules", "bin", "dist"]);
const STACK_FILE = /^Pulumi\..+\.ya?ml$/;

/** What else a reader may want to know. */
export interface Reading {
  /** Called for each file of a folder that cannot be read, in place of an error: the rest is read all the same. */
  onProblem?(problem: ReadProblem): void;
  /** Called with the text of each file with objects. */
  onText?(file: string, text: string): void;
}

/**
 * The objects of a folder (all its YAML and JSON files, deep), a file, or standard input (`-`). A file may hold
 * manifests, a state (`pulumi stack export`), a preview (`pulumi preview --json`) or a stack's config
 * (`Pulumi.STACK.yaml`). Throws `ReadProblem`.
 */
export function readManifests(path: string, reading: Reading = {}): SourcedManifest[] {
  if (path === "-") return manifestsOfText(readFileSync(0, "utf8"), "stdin", reading);
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) throw new ReadProblem(`${path}: no such file or folder.`);
  if (info.isDirectory()) return readFolder(path, reading);
  if (isStackFile(path)) return stackConfig(path);
  return manifestsOfText(read(path), path, reading);
}

/** By its name: `Pulumi.STACK.yaml`. */
export function isStackFile(path: string): boolean {
  return STACK_FILE.test(path.slice(path.lastIndexOf("/") + 1));
}

/** Loaded for such files alone: checking a configuration takes a library that no manifest needs. */
function stackConfig(path: string): SourcedManifest[] {
  const { manifestsOfStackConfig } = require("./stackConfig") as typeof import("./stackConfig");
  return manifestsOfStackConfig(read(path), path);
}

function readFolder(folder: string, reading: Reading): SourcedManifest[] {
  return filesIn(folder).flatMap((file) => {
    try {
      return readFile(file, reading);
    } catch (error) {
      if (!(error instanceof ReadProblem) || reading.onProblem === undefined) throw error;
      reading.onProblem(error);
      return [];
    }
  });
}

function readFile(file: string, reading: Reading): SourcedManifest[] {
  const text = read(file);
  // Package files, Helm values and settings of tools live beside manifests; what names no apiVersion holds none.
  return text.includes("apiVersion") ? manifestsOfText(text, file, reading) : [];
}

/** Sorted by name, so that two readings of a folder give the same order. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink()
      ? statSync(path, { throwIfNoEntry: false })?.isDirectory()
      : entry.isDirectory();
    if (isFolder) return entry.name.startsWith(".") || NOT_MANIFESTS.has(entry.name) ? [] : filesIn(path);
    return /\.(ya?ml|json)$/.test(entry.name) && !STACK_FILE.test(entry.name) ? [path] : [];
  });
}

function manifestsOfText(text: string, file: string, { onText }: Reading): SourcedManifest[] {
  onText?.(file, text);
  return /^\s*[{[]/.test(text) ? manifestsOfJson(text, file) : manifestsOfYaml(text, file);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new ReadProblem(`${file}: cannot be read (${error instanceof Error ? error.message : error}).`);
  }
}
