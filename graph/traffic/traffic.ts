/** Calls, counted: the same memory however many lines there are and whatever names an attacker calls. */
import type { LoggedCall } from "./loggedCall";

/** Calls of one caller to one place that ended alike. */
export interface TrafficEntry extends Omit<LoggedCall, "time"> {
  calls: number;
  /** RFC 3339 in UTC; absent where no line says a time. */
  first?: string;
  last?: string;
}

/** What access logs tell, all lists sorted. */
export interface Traffic {
  /** Calls that left, and calls that were denied or failed. Each is counted once. */
  entries: TrafficEntry[];
  /**
   * Calls that a sidecar handed on. The gateway's log counts them; where none has the host, they are all there is to see
   * of them.
   */
  forwarded: TrafficEntry[];
  lines: LineCounts;
}

/** Every line that was read is in exactly one of these. */
export interface LineCounts {
  /** Lines of `entries`. */
  calls: number;
  /** Lines of `forwarded`. */
  forwarded: number;
  /** Calls inside the mesh, and the second half of calls that pass a gateway twice. */
  inside: number;
  /** Before or after the time asked for. */
  outOfTime: number;
  /** No JSON access log. */
  unreadable: number;
}

/** What a caller's further hosts are counted under when it has called too many. */
export const OTHER_HOSTS = "(other hosts)";
/** The same for callers. */
export const OTHER_CALLERS = "(other callers)";

/** Entries of one caller, and callers, that are told apart; with any more, a log could fill the memory. */
const MOST_ENTRIES = 1000;
const MOST_CALLERS = 5000;
const MOST_ENTRIES_OF_ALL = 50_000;

/** An endless string would fill it as well; a DNS name has 253 characters at most. */
const LONGEST_HOST = 255;

/** Counts calls as they come. The order in which they come changes nothing but which hosts are "other" ones. */
export class TrafficCounter {
  readonly lines: LineCounts = { calls: 0, forwarded: 0, inside: 0, outOfTime: 0, unreadable: 0 };
  private readonly entries = new Entries();
  private readonly forwarded = new Entries();

  call(call: LoggedCall): void {
    this.lines.calls++;
    this.entries.add(call);
  }

  forward(call: LoggedCall): void {
    this.lines.forwarded++;
    this.forwarded.add(call);
  }

  /** What has been counted so far. */
  traffic(): Traffic {
    return { entries: this.entries.sorted(), forwarded: this.forwarded.sorted(), lines: { ...this.lines } };
  }
}

class Entries {
  private readonly byKey = new Map<string, TrafficEntry>();
  private readonly ofCaller = new Map<string, number>();

  add(call: LoggedCall): void {
    const entry = this.byKey.get(keyOf(call)) ?? this.newEntry(call);
    entry.calls++;
    if (call.time === "") return;
    if (entry.first === undefined || call.time < entry.first) entry.first = call.time;
    if (entry.last === undefined || call.time > entry.last) entry.last = call.time;
  }

  sorted(): TrafficEntry[] {
    return [...this.byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => ({ ...entry }));
  }

  private newEntry(call: LoggedCall): TrafficEntry {
    const bounded = this.bounded(call);
    const key = keyOf(bounded);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const { time: _, ...rest } = bounded;
    const entry: TrafficEntry = { ...rest, calls: 0 };
    this.byKey.set(key, entry);
    this.ofCaller.set(entry.caller, (this.ofCaller.get(entry.caller) ?? 0) + 1);
    return entry;
  }

  private bounded(call: LoggedCall): LoggedCall {
    const count = this.ofCaller.get(call.caller);
    if (count === undefined && this.ofCaller.size >= MOST_CALLERS) return other({ ...call, caller: OTHER_CALLERS });
    if ((count ?? 0) >= MOST_ENTRIES || this.byKey.size >= MOST_ENTRIES_OF_ALL) return other(call);
    return call.host.length > LONGEST_HOST ? { ...call, host: shortened(call.host) } : call;
  }
}

/** Without all that a caller may choose at will. */
function other({ port: _, ...call }: LoggedCall): LoggedCall {
  return { ...call, host: OTHER_HOSTS };
}

/** A copy: a mere slice would keep the whole text alive. */
function shortened(host: string): string {
  return `${[...host.slice(0, LONGEST_HOST)].join("")}…`;
}

function keyOf({ caller, host, port, protocol, outcome, by, gateway, reason }: LoggedCall): string {
  return `${caller} ${host} ${port ?? ""} ${protocol ?? ""} ${outcome} ${by} ${gateway ?? ""} ${reason}`;
}
