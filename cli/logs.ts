import type { LoggedCall } from "../graph/traffic/loggedCall";
import type { KnownPod } from "../graph/traffic/proxy";
import { TrafficReader } from "../graph/traffic/reader";
import type { Traffic } from "../graph/traffic/traffic";
import { logFilesOf, readLogFile } from "./read/logFiles";

/** Where access logs are: files, folders and `-`, or a live cluster. */
export type LogSource = { paths: readonly string[] } | { context: string };

export interface LogReading {
  /** RFC 3339, UTC: calls that began before do not count. */
  since?: string;
  /** Gateways alone, of a live cluster: then calls that sidecars refuse are not seen. */
  gatewaysOnly?: boolean;
  /** By identity, "namespace/account" to "namespace/name". */
  gateways: ReadonlyMap<string, string>;
  /** Told each call as soon as its line is read. */
  onCall?(call: LoggedCall): void;
  /** Told what was not read, in a sentence. */
  onNote(note: string): void;
}

/** The logs of a source, being read. */
export class Logs {
  private readonly pods = new Map<string, KnownPod>();
  private readonly callers = new Map<string, string>();
  private readonly reader: TrafficReader;

  constructor(
    private readonly source: LogSource,
    private readonly reading: LogReading,
  ) {
    const known = { gateways: reading.gateways, pods: this.pods, callers: this.callers };
    this.reader = new TrafficReader(known, reading.since);
  }

  /** What has been read so far. */
  traffic(): Traffic {
    return this.reader.traffic();
  }

  /** Reads all that there is. Throws `ReadProblem`, `CommandError`. */
  async read(): Promise<Traffic> {
    if ("paths" in this.source) {
      for (const file of logFilesOf(this.source.paths)) await readLogFile(file, this.take);
      return this.traffic();
    }
    const { readCluster } = require("./logsOfCluster") as typeof import("./logsOfCluster");
    await readCluster(this.source.context, this.reading, this.know, this.take);
    return this.traffic();
  }

  /** Reads all that there is, and what comes, until stopped. Throws the same. */
  async follow(stop: AbortSignal): Promise<void> {
    if ("paths" in this.source) {
      const { tailLogFile } = require("./read/logTail") as typeof import("./read/logTail");
      const files = logFilesOf(this.source.paths);
      await Promise.all(files.map((f) => (f === "-" ? readLogFile(f, this.take) : tailLogFile(f, this.take, stop))));
      return;
    }
    const { followLogsOfCluster } = require("./logsOfCluster") as typeof import("./logsOfCluster");
    await followLogsOfCluster(this.source.context, this.reading, this.know, this.take, stop);
  }

  private readonly take = (line: string, pod?: { namespace?: string; name: string }): void => {
    const call = this.reader.read(line, pod);
    if (call !== undefined) this.reading.onCall?.(call);
  };

  private readonly know = (name: string, pod: KnownPod): void => {
    this.pods.set(`${pod.namespace}/${name}`, pod);
    this.pods.set(name, pod);
    if (pod.ip !== "") this.callers.set(pod.ip, `${pod.namespace}/${pod.account}`);
  };
}
