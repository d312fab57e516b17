import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { labEnvironment } from "../../../lab";

/** A shell that stays open in a pod: a call costs a process there, not an exec through the API server. */
export class Shell {
  private waiting: { lines: string[]; done: (lines: string[]) => void; failed: (error: Error) => void } | undefined;
  private commands = 0;

  private constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error("no output of the shell");
    createInterface({ input: child.stdout }).on("line", (line) => this.take(line));
    child.on("exit", () => this.waiting?.failed(new Error("a pod's shell ended")));
  }

  static open(namespace: string, pod: string): Shell {
    const args = ["exec", "-i", "-n", namespace, pod, "-c", "app", "--", "sh"];
    return new Shell(
      spawn("kubectl", args, { env: { ...process.env, ...labEnvironment() }, stdio: ["pipe", "pipe", "ignore"] }),
    );
  }

  /** The lines that a script prints; one script at a time. */
  run(script: string): Promise<string[]> {
    const end = `end-of-command-${++this.commands}`;
    return new Promise((done, failed) => {
      this.waiting = { lines: [], done, failed };
      this.child.stdin?.write(`${script}\necho ${end}\n`);
    });
  }

  close(): void {
    this.child.kill();
  }

  private take(line: string): void {
    if (line !== `end-of-command-${this.commands}`) return void this.waiting?.lines.push(line);
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.done(waiting.lines);
  }
}
