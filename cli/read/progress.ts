/** Milliseconds after which somebody who waits wants to know that something happens. */
const LONG = 1500;
const CLEAR = "\r\u001b[K";

/** A line on the terminal that counts objects while a reading takes long, and goes when it is over. Nothing in a pipe. */
export class Progress {
  private count = 0;
  private readonly start = Date.now();
  private shown = false;

  constructor(
    private readonly what: string,
    private readonly stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
  ) {}

  add(objects: number): void {
    this.count += objects;
    if (!this.stream.isTTY || Date.now() - this.start < LONG) return;
    this.shown = true;
    this.stream.write(`${CLEAR}${this.what}: ${this.count} objects …`);
  }

  end(): void {
    if (this.shown) this.stream.write(CLEAR);
  }
}
