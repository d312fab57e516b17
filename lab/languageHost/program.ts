import { once } from "node:events";
import type * as pb from "@pulumi/pulumi/proto/language_pb";
import { startNode } from "./children";
import { nodeOptions } from "./options";

// The SDK's cmd/run ends with this code when it has told the engine what went wrong.
const ALREADY_REPORTED = 32;

/** How a program ended: well, badly and told (`bail`), or badly with `error` still to be told. */
export type Ending = { error?: string; bail?: boolean };

/** Runs the stack's program to its end. `signal` cancels it. */
export async function runProgram(sdk: NodeJS.Require, request: pb.RunRequest, engine: string, signal: AbortSignal) {
  const { args, env } = nodeOptions(request.getInfo());
  const child = startNode([...args, sdk.resolve("./cmd/run"), ...runArguments(request, engine)], {
    cwd: request.getInfo()?.getProgramDirectory() || request.getPwd(),
    env: { ...process.env, ...env, ...configuration(request) },
    stdio: ["ignore", "inherit", "inherit"],
    signal,
  });
  const [code, killedBy] = (await once(child, "close")) as [number | null, string | null];
  return ending(code, killedBy);
}

export function ending(code: number | null, killedBy: string | null): Ending {
  if (code === 0) return {};
  if (code === ALREADY_REPORTED) return { bail: true };
  return {
    error: code === null ? `The program was ended by ${killedBy}.` : `The program ended with exit code ${code}.`,
  };
}

function runArguments(request: pb.RunRequest, engine: string): string[] {
  return [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engine}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--root-directory=${request.getInfo()?.getRootDirectory() ?? ""}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() || request.getProgram() || ".",
    ...request.getArgsList(),
  ];
}

function configuration(request: pb.RunRequest): NodeJS.ProcessEnv {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}
