import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The name and version that the engine's plugin folder knows the host by. */
export const HOST_PLUGIN = "language-nodejs-v0.1.0";

/**
 * Puts the language host into `plugins`, a `$PULUMI_HOME/plugins` folder, as plain JavaScript: compiled once, so that
 * no start pays for it. A folder there, not a program on PATH: the engine warns of language hosts that it finds on
 * PATH away from its own place, and one that the user has beside their own `pulumi` comes first.
 */
export function installLanguageHost(plugins: string, projectFolder: string): void {
  const target = join(plugins, HOST_PLUGIN);
  const sources = readSources(projectFolder);
  const key = createHash("sha256")
    .update(JSON.stringify([...sources]))
    .digest("hex");
  const keyFile = join(target, "key");
  if (existsSync(keyFile) && readFileSync(keyFile, "utf8") === key) return;

  const fresh = join(plugins, `.new-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const [name, text] of sources)
    writeFileSync(join(fresh, jsName(name)), toJavaScript(name, text), { mode: 0o755 });
  writeFileSync(join(fresh, "key"), key);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

function readSources(projectFolder: string): Map<string, string> {
  const start = `#!/usr/bin/env node\nrequire("./main.js").serve(${JSON.stringify(projectFolder)});\n`;
  const names = readdirSync(__dirname).filter((name) => name.endsWith(".ts") && name !== "install.ts");
  return new Map([
    ["pulumi-language-nodejs", start],
    ...names.map((name): [string, string] => [name, readFileSync(join(__dirname, name), "utf8")]),
  ]);
}

const jsName = (name: string) => name.replace(/\.ts$/, ".js");

function toJavaScript(name: string, text: string): string {
  if (!name.endsWith(".ts")) return text;
  const { ModuleKind, ScriptTarget, transpileModule } = require("typescript") as typeof import("typescript"); // slow to load
  return transpileModule(text, { compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS } })
    .outputText;
}
