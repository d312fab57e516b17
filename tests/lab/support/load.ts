import assert from "node:assert/strict";
import { execa, type ResultPromise } from "execa";
import { runningPod } from "../../../demo/kubectl";
import { labEnvironment } from "../../../lab";
import { eventuallyResolved } from "../../support/eventually";
import { kubectl } from "./cluster";

/** Seconds after which a forgotten load ends by itself. */
const BOUND = 400;
/** A file whose presence ends the loop: what `kubectl exec` started lives on without it. */
const STOP = "stop-load";

type Loop = ResultPromise<{ reject: false; lines: true; env: Record<string, string> }>;

/** Calls to every URL from every caller, round after round, each over new connections, until stopped. */
export class Load {
  readonly #rounds = new Map<string, number>();
  readonly #loops: Loop[] = [];

  constructor(
    private readonly callers: readonly string[],
    private readonly urls: readonly string[],
  ) {}

  async start(): Promise<void> {
    for (const caller of this.callers) {
      const [namespace = "", app = ""] = caller.split("/");
      const pod = await runningPod(kubectl, namespace, { app });
      const urls = this.urls.map((url) => `-o /dev/null ${url}`).join(" ");
      const script = `rm -f ${STOP}; end=$(( $(date +%s) + ${BOUND} )); while [ $(date +%s) -lt $end ] && [ ! -e ${STOP} ]; do curl -s -Z --parallel-immediate --max-time 3 ${urls}; echo round; sleep 0.2; done`;
      const loop = execa("kubectl", ["exec", "-n", namespace, pod, "-c", "app", "--", "sh", "-c", script], {
        env: labEnvironment(),
        reject: false,
        lines: true,
      }) as Loop;
      loop.stdout?.on("data", (data: Buffer) => {
        const rounds = data.toString().split("round").length - 1;
        this.#rounds.set(caller, (this.#rounds.get(caller) ?? 0) + rounds);
      });
      this.#loops.push(loop);
    }
    await this.round();
  }

  /** Waits until every caller has called every URL twice more: one round may have begun before. */
  async round(): Promise<void> {
    const goal = new Map(this.callers.map((caller) => [caller, (this.#rounds.get(caller) ?? 0) + 2]));
    const slow = () => this.callers.filter((caller) => (this.#rounds.get(caller) ?? 0) < (goal.get(caller) ?? 0));
    const waiting = async () => (slow().length === 0 ? undefined : `waiting for ${slow().join(", ")}`);
    await eventuallyResolved("a round of calls from every caller", waiting, 60);
  }

  /** How many calls have been made so far. */
  calls(): number {
    return [...this.#rounds.values()].reduce((sum, rounds) => sum + rounds, 0) * this.urls.length;
  }

  async stop(): Promise<void> {
    for (const caller of this.callers) {
      const [namespace = "", app = ""] = caller.split("/");
      const pod = await runningPod(kubectl, namespace, { app });
      await kubectl(["exec", "-n", namespace, pod, "-c", "app", "--", "touch", STOP]);
    }
    await Promise.all(this.#loops.splice(0));
    assert.ok(this.calls() > 0, "no call was made");
  }
}
