import type * as grpc from "@grpc/grpc-js";
import type * as pb from "@pulumi/pulumi/proto/language_pb";
import type * as plugins from "@pulumi/pulumi/proto/plugin_pb";
import { startPlugin } from "./plugin";
import { runProgram } from "./program";
import { sdkOf } from "./sdk";

/** What the service needs: the engine's address, the SDK's messages, and where to look for an SDK at last. */
export type Host = { engine: string; sdk: NodeJS.Require; fallback: string };

/** The calls of `LanguageRuntime` (pulumi/language.proto) that a deployment needs; the rest stays unimplemented. */
export function languageRuntime({ engine, sdk, fallback }: Host): grpc.UntypedServiceImplementation {
  const messages = sdk("./proto/language_pb") as typeof pb;
  const { PluginInfo } = sdk("./proto/plugin_pb") as typeof plugins;

  return {
    getPluginInfo(_call: unknown, done: grpc.sendUnaryData<plugins.PluginInfo>) {
      const info = new PluginInfo();
      info.setVersion("0.1.0");
      done(null, info);
    },
    // Plugins are in their place before the engine starts: none is asked for, none is downloaded.
    getRequiredPlugins(_call: unknown, done: grpc.sendUnaryData<pb.GetRequiredPluginsResponse>) {
      done(null, new messages.GetRequiredPluginsResponse());
    },
    getRequiredPackages(_call: unknown, done: grpc.sendUnaryData<pb.GetRequiredPackagesResponse>) {
      done(null, new messages.GetRequiredPackagesResponse());
    },
    installDependencies(call: grpc.ServerWritableStream<pb.InstallDependenciesRequest, unknown>) {
      call.end();
    },
    run(call: grpc.ServerUnaryCall<pb.RunRequest, pb.RunResponse>, done: grpc.sendUnaryData<pb.RunResponse>) {
      const programSdk = sdkOf([call.request.getPwd(), fallback]);
      runProgram(programSdk, call.request, engine, untilCancelled(call)).then(
        ({ error, bail }) => {
          const response = new messages.RunResponse();
          response.setError(error ?? "");
          response.setBail(bail ?? false);
          done(null, response);
        },
        (error: Error) => done(error),
      );
    },
    runPlugin(call: grpc.ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>) {
      const answer = (fill: (response: pb.RunPluginResponse) => void) => {
        const response = new messages.RunPluginResponse();
        fill(response);
        call.write(response);
      };
      const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getPwd();
      const child = startPlugin(sdkOf([folder, fallback]), call.request, untilCancelled(call));
      child.stdout?.on("data", (data: Buffer) => answer((response) => response.setStdout(data)));
      child.stderr?.on("data", (data: Buffer) => answer((response) => response.setStderr(data)));
      child.once("error", () => {}); // cancelled, or told by the exit code below
      child.once("close", (code) => {
        answer((response) => response.setExitcode(code ?? 1));
        call.end();
      });
    },
  };
}

function untilCancelled(call: { on(event: "cancelled", listener: () => void): unknown }): AbortSignal {
  const cancel = new AbortController();
  call.on("cancelled", () => cancel.abort());
  return cancel.signal;
}
