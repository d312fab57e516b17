import { type ReadLine, readLine } from "./accessLine";
import { timeOf } from "./lineFacts";
import type { LoggedCall } from "./loggedCall";
import { type KnownProxies, NOTHING_KNOWN } from "./proxy";
import { seenIn } from "./seen";
import { type Traffic, TrafficCounter } from "./traffic";

/** Reads logs line by line, in any order, and counts what they tell. */
export class TrafficReader {
  private readonly counter = new TrafficCounter();

  constructor(
    private readonly known: KnownProxies = NOTHING_KNOWN,
    /** RFC 3339 in UTC: calls that began before do not count. Lines without a time always do. */
    private readonly since = "",
  ) {}

  /** Gives the call of a line that counts, for whoever wants to see it at once. */
  read(text: string, pod?: ReadLine["pod"]): LoggedCall | undefined {
    const { counter } = this;
    const read = readLine(text);
    if (read === undefined) {
      counter.lines.unreadable++;
      return undefined;
    }
    const time = timeOf(read.line);
    if (time !== "" && time < this.since) {
      counter.lines.outOfTime++;
      return undefined;
    }
    const seen = seenIn(pod === undefined || read.pod !== undefined ? read : { ...read, pod }, this.known);
    if (seen.kind === "inside") counter.lines.inside++;
    else if (seen.kind === "forwarded") counter.forward(seen.call);
    else {
      counter.call(seen.call);
      return seen.call;
    }
    return undefined;
  }

  /** What has been counted so far. */
  traffic(): Traffic {
    return this.counter.traffic();
  }
}

/** The traffic of lines. */
export function trafficOf(lines: Iterable<string>, known?: KnownProxies, since?: string): Traffic {
  const reader = new TrafficReader(known, since);
  for (const line of lines) reader.read(line);
  return reader.traffic();
}
