import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { AccessLogLine } from "../../../demo/accessLog";
import { labEnvironment } from "../../../lab";

/** A line of a proxy's access log and the pod that wrote it. */
export interface ProxyLine extends AccessLogLine {
  pod: string;
  at: number;
  connection_termination_details: string | null;
  response_code_details: string | null;
}

/** The access logs of all proxies of the world, followed from now on. Envoy writes them up to a second late. */
export class AccessLogs {
  readonly lines: ProxyLine[] = [];
  private readonly followers = new Map<string, ChildProcess>();
  private closed = false;

  constructor(namespaces: readonly string[]) {
    for (const namespace of namespaces) this.follow(namespace);
  }

  /** Lines of a pod about calls of another between two moments (milliseconds). */
  between(pod: string, caller: string, from: number, to: number): ProxyLine[] {
    return this.lines.filter(
      (line) =>
        line.pod === pod &&
        line.at >= from - 1 &&
        line.at <= to + 1 &&
        line.downstream_remote_address?.startsWith(`${caller}:`),
    );
  }

  close(): void {
    this.closed = true;
    for (const follower of this.followers.values()) follower.kill();
  }

  private follow(namespace: string): void {
    const args = ["logs", "-f", "--tail=0", "-n", namespace, "-l", "reality=proxy", "-c", "istio-proxy", "--prefix"];
    const child = spawn("kubectl", [...args, "--max-log-requests=20"], {
      env: { ...process.env, ...labEnvironment() },
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => this.take(line));
    // A stream may end early: it starts again, or every later line would be missing.
    child.on("exit", () => this.closed || this.follow(namespace));
    this.followers.set(namespace, child);
  }

  private take(text: string): void {
    const [, pod, json] = /^\[pod\/([^/]+)\/istio-proxy\] (\{.*)$/.exec(text) ?? [];
    if (pod === undefined || json === undefined) return;
    const line = JSON.parse(json) as AccessLogLine;
    if (line.upstream_cluster === undefined) return;
    this.lines.push({ ...line, pod, at: Date.parse(line.time) } as ProxyLine);
  }
}
