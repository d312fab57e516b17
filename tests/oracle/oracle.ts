import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import type { Manifest } from "../../graph/manifest";

/** A call as the oracle reads it; a subset of `Call` of graph/explain. `sni: ""` is a ClientHello without SNI. */
export interface OracleCall {
  workload: { namespace: string; labels?: Record<string, string>; serviceAccount?: string; ip?: string };
  protocol: "http" | "tls" | "tcp";
  host?: string;
  address?: string;
  port: number;
  sni?: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  authority?: string;
}

export interface OracleQuestion {
  id?: string;
  manifests: Manifest[];
  meshConfig?: Record<string, unknown>;
  calls: OracleCall[];
  /** Sidecars connect before gateways; then a gateway may share the default scope of its namespace. */
  sidecarsFirst?: boolean;
  /** Adds every generated listener, route table and cluster to the answer. */
  dump?: boolean;
}

export interface OracleOutcome {
  kind: "direct" | "unsupported" | "blocked" | "answered" | "in-mesh" | "gateway";
  gateways?: string[];
  destination?: string;
  address?: string;
  passthrough?: boolean;
  stage?: string;
  seen?: string;
  reason?: string;
  meshTLS?: boolean;
  tls?: string;
}

export interface OracleWay {
  share: number;
  mirror?: boolean;
  hops: Record<string, unknown>[];
  outcome: OracleOutcome;
}

export interface OracleAnswer {
  id: string;
  error?: string;
  /** Objects that the API server or Istio's webhook would refuse; the oracle leaves them out. */
  rejected?: { object: string; reason: string }[];
  calls?: { outcome: OracleOutcome; ways: OracleWay[] }[];
  dump?: unknown;
  millis: number;
}

/** The built program and the folder of Istio's module, whose CRDs it reads. */
export interface OracleProgram {
  binary: string;
  istio: string;
}

const SOURCES = __dirname;

/** Builds the program once for its sources, into the user's cache folder. Needs Go; the first build takes minutes. */
export async function buildOracle(): Promise<OracleProgram> {
  const files = readdirSync(SOURCES).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name));
  const hash = createHash("sha256");
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(SOURCES, name)));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "controlled-egress", "programs", `oracle-${hash.digest("hex").slice(0, 12)}`);
  const record = join(folder, "program.json");
  if (existsSync(record)) return JSON.parse(readFileSync(record, "utf8")) as OracleProgram;
  mkdirSync(folder, { recursive: true });
  const env = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false -trimpath" };
  const binary = join(folder, "oracle");
  await execa("go", ["build", "-ldflags", "-s -w", "-o", `${binary}.new`, "."], {
    cwd: SOURCES,
    env,
    stderr: "inherit",
  });
  const istio = await execa("go", ["list", "-m", "-f", "{{.Dir}}", "istio.io/istio"], { cwd: SOURCES, env });
  renameSync(`${binary}.new`, binary);
  const program = { binary, istio: istio.stdout.trim() };
  writeFileSync(record, JSON.stringify(program));
  return program;
}

interface Waiting {
  resolve: (answer: OracleAnswer) => void;
  reject: (error: Error) => void;
}

/** A running oracle: it answers in the order of the questions. Close it when done. */
export class Oracle {
  private readonly waiting: Waiting[] = [];
  private failure: Error | undefined;

  private constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error("the oracle has no standard output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Istio's packages print warnings here before the program can silence them.
      if (line.startsWith("{")) this.waiting.shift()?.resolve(JSON.parse(line) as OracleAnswer);
    });
    child.on("exit", (code, signal) => this.fail(new Error(`the oracle ended (${signal ?? `exit code ${code}`})`)));
    child.stdin?.on("error", (error) => this.fail(error));
  }

  static async start(): Promise<Oracle> {
    const { binary, istio } = await buildOracle();
    return new Oracle(spawn(binary, ["-istio", istio], { stdio: ["pipe", "pipe", "inherit"] }));
  }

  ask(question: OracleQuestion): Promise<OracleAnswer> {
    if (this.failure) return Promise.reject(this.failure);
    const answer = new Promise<OracleAnswer>((resolve, reject) => this.waiting.push({ resolve, reject }));
    this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    return answer;
  }

  close(): void {
    this.child.stdin?.end();
  }

  private fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
