import type * as pb from "@pulumi/pulumi/proto/language_pb";

/**
 * What the project's `runtime.options` ask for, as Pulumi documents them for nodejs: `typescript` (default true),
 * `tsconfig` (a path) and `nodeargs` (words between spaces).
 */
export function nodeOptions(info: pb.ProgramInfo | undefined): { args: string[]; env: NodeJS.ProcessEnv } {
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const nodeargs = typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
  return {
    args: nodeargs,
    env: {
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
      ...(typeof options.tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
    },
  };
}
