// Loads a module of this package by its path without extension: what `npm run build` compiled into bin/, or, in a
// checkout where the sources are newer than that, the TypeScript itself through ts-node. Compiled starts in a third of
// the time; a stale build must never answer for the sources.
const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const SOURCES = ["cli", "components", "graph", "policy"];

module.exports = function load(name) {
  const compiled = join(ROOT, "bin", `${name}.js`);
  const source = join(ROOT, `${name}.ts`);
  if (existsSync(compiled) && (!existsSync(source) || statSync(compiled).mtimeMs >= newestSource())) return require(compiled);
  const { REGISTER_INSTANCE, register } = require("ts-node");
  // Pulumi's own, where a policy pack is loaded: it type-checks all, by settings that are not this project's.
  process[REGISTER_INSTANCE]?.enabled(false);
  register({ transpileOnly: true, projectSearchDir: ROOT, cwd: ROOT });
  return require(source);
};

function newestSource() {
  return Math.max(...SOURCES.map((folder) => newestIn(join(ROOT, folder))));
}

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestIn(path));
    else if (entry.name.endsWith(".ts")) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}
