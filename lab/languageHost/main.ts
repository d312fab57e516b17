// pulumi-language-nodejs: how Pulumi's engine runs a Node program, where the official host is not installed.
// The engine starts it with its own address as the last argument and reads a port from its first line of output.
import type * as grpc from "@grpc/grpc-js";
import type * as service from "@pulumi/pulumi/proto/language_grpc_pb";
import { leaveWithEngine } from "./children";
import { sdkOf } from "./sdk";
import { languageRuntime } from "./service";

/** Serves until the engine leaves. `fallback`: a folder with Pulumi's SDK, for programs that have none. */
export function serve(fallback: string): void {
  leaveWithEngine();
  const sdk = sdkOf([process.cwd(), fallback]);
  const { Server, ServerCredentials } = sdk("@grpc/grpc-js") as typeof grpc;
  const { LanguageRuntimeService } = sdk("./proto/language_grpc_pb") as typeof service;
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const engine = process.argv.at(-1) ?? "";
  server.addService(LanguageRuntimeService, languageRuntime({ engine, sdk, fallback }));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(String(port));
  });
}
