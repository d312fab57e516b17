import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ROOT } from "./demo";

/** How the engine writes a value that is not known at preview. */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Resource {
  type: string;
  name: string;
  props: Record<string, unknown>;
  /** Default: one of the type and name. */
  urn?: string;
  providerProps?: Record<string, unknown>;
}

export interface Diagnostic {
  policy: string;
  level: "mandatory" | "advisory";
  message: string;
  urn: string;
}

/** The pack as the engine runs it: a process of its own, asked over gRPC, without an engine. */
export class Analyzer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  static async start(): Promise<Analyzer> {
    const pack = join(ROOT, "policy");
    const script = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [script, "127.0.0.1:1", pack], {
      cwd: pack,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = once(createInterface(child.stdout), "line");
    const early = once(child, "exit").then(() => {
      throw new Error("the policy pack ended before it was asked anything");
    });
    const [port] = (await Promise.race([line, early])) as [string];
    early.catch(() => {});
    const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    return new Analyzer(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), limits));
  }

  async stop(): Promise<void> {
    this.client.close();
    const gone = once(this.process, "exit");
    this.process.kill();
    await gone;
  }

  /** Configures the policy `egress-graph`. */
  configure(config: object): Promise<void> {
    const request = new pb.ConfigureAnalyzerRequest();
    const policy = new pb.PolicyConfig();
    policy.setEnforcementlevel(pb.EnforcementLevel.MANDATORY);
    policy.setProperties(Struct.fromJavaScript(config as never));
    request.getPolicyconfigMap().set("egress-graph", policy);
    return new Promise((resolve, reject) => {
      this.client.configure(request, (error: ServiceError | null) => (error ? reject(error) : resolve()));
    });
  }

  analyzeStack(resources: readonly Resource[]): Promise<Diagnostic[]> {
    const request = new pb.AnalyzeStackRequest();
    request.setResourcesList(resources.map(message));
    return new Promise((resolve, reject) => {
      this.client.analyzeStack(request, (error: ServiceError | null, response: pb.AnalyzeResponse) =>
        error ? reject(error) : resolve(response.getDiagnosticsList().map(diagnostic)),
      );
    });
  }
}

function message({ type, name, props, urn, providerProps }: Resource): pb.AnalyzerResource {
  const resource = new pb.AnalyzerResource();
  resource.setType(type);
  resource.setName(name);
  resource.setUrn(urn ?? `urn:pulumi:dev::test::${type}::${name}`);
  resource.setProperties(Struct.fromJavaScript(props as never));
  resource.setOptions(new pb.AnalyzerResourceOptions());
  if (providerProps) {
    const provider = new pb.AnalyzerProviderResource();
    provider.setType("pulumi:providers:kubernetes");
    provider.setName("default");
    provider.setProperties(Struct.fromJavaScript(providerProps as never));
    resource.setProvider(provider);
  }
  return resource;
}

function diagnostic(d: pb.AnalyzeDiagnostic): Diagnostic {
  const level = d.getEnforcementlevel() === pb.EnforcementLevel.MANDATORY ? "mandatory" : "advisory";
  return { policy: d.getPolicyname(), level, message: d.getMessage(), urn: d.getUrn() };
}
