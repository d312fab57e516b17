import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type * as pb from "@pulumi/pulumi/proto/language_pb";
import { startNode } from "./children";
import { nodeOptions } from "./options";

const TRANSPILE_ONLY = join(__dirname, "transpileOnly.js");

/** Starts a plugin written for Node: a policy pack (kind `analyzer`), or a component or dynamic provider. */
export function startPlugin(sdk: NodeJS.Require, request: pb.RunPluginRequest, signal: AbortSignal): ChildProcess {
  const folder = request.getInfo()?.getProgramDirectory() || request.getProgram();
  const { args, env } = nodeOptions(request.getInfo());
  const preload = process.env.PULUMI_NODEJS_TRANSPILE_ONLY === "true" ? ["--require", TRANSPILE_ONLY] : [];
  return startNode([...args, ...preload, ...commandLine(sdk, request, folder)], {
    cwd: folder, // its tsconfig.json is looked up here
    env: { ...environment(request), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
}

function commandLine(sdk: NodeJS.Require, request: pb.RunPluginRequest, folder: string): string[] {
  const given = request.getArgsList(); // the engine's address is the last of them
  return request.getKind() === "analyzer"
    ? [sdk.resolve("./cmd/run-policy-pack"), ...given, folder]
    : [sdk.resolve("./cmd/run-plugin"), folder, ...given];
}

function environment(request: pb.RunPluginRequest): NodeJS.ProcessEnv {
  return Object.fromEntries(
    request.getEnvList().map((entry) => {
      const equals = entry.indexOf("=");
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}
