import type { WriteStream } from "node:tty";
import pc from "picocolors";
import type { Listener } from "./schedule";
import type { Step } from "./step";

/** Steps that end sooner than this are not worth a line. */
const SHOW_MS = 300;
/** On a terminal the last line is drawn anew this often; without one a line tells what runs. */
const REDRAW_MS = 500;
const REMIND_MS = 15_000;

/**
 * Shows what goes on: a line for each step that ended, and what runs now, since when, and how many steps are left. On a
 * terminal that is one line that changes, in a log a line every 15 s, so that it never looks dead.
 */
export class Progress implements Listener {
  private readonly start = Date.now();
  private readonly running = new Map<Step, { since: number; text: string }>();
  private left: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    steps: number,
    private readonly output: WriteStream = process.stdout,
  ) {
    this.left = steps;
    this.timer = setInterval(() => this.remind(), this.output.isTTY ? REDRAW_MS : REMIND_MS);
  }

  started(step: Step): void {
    this.running.set(step, { since: Date.now(), text: "" });
  }

  said(step: Step, text: string): void {
    const state = this.running.get(step);
    if (state) state.text = text;
  }

  ended(step: Step, tookMs: number): void {
    this.running.delete(step);
    this.left--;
    if (tookMs >= SHOW_MS) this.line(`${pc.green("✓")} ${step.title} ${pc.dim(`(${duration(tookMs)})`)}`);
  }

  /** The last line; nothing is drawn afterwards. */
  close(text: string): void {
    clearInterval(this.timer);
    this.line(text);
  }

  /** Since the beginning, e.g. `1m 12s`. */
  elapsed(): string {
    return duration(Date.now() - this.start);
  }

  private remind(): void {
    const now = [...this.running].map(([step, { since, text }]) => {
      const details = [duration(Date.now() - since), text].filter(Boolean).join(", ");
      return `${step.title} (${details})`;
    });
    const waiting = this.left - this.running.size;
    const rest = waiting > 0 ? [`${waiting} more steps wait`] : [];
    const text = `${pc.dim(this.elapsed().padStart(7))}  … ${[...now, ...rest].join(" · ")}`;
    if (!this.output.isTTY) this.output.write(`${text}\n`);
    else this.output.write(`\r\x1b[K${cut(text, this.output.columns ?? 80)}`);
  }

  private line(text: string): void {
    const clear = this.output.isTTY ? "\r\x1b[K" : "";
    this.output.write(`${clear}${pc.dim(this.elapsed().padStart(7))}  ${text}\n`);
  }
}

/** E.g. `0.4s`, `12.3s`, `8m 16s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  return `${Math.floor(seconds / 60)}m ${String(Math.floor(seconds % 60)).padStart(2, "0")}s`;
}

/** Colours count as letters here: a line may be cut a little early, never too late. */
function cut(text: string, width: number): string {
  return text.length < width ? text : `${text.slice(0, width - 2)}…`;
}
