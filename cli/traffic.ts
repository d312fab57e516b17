import type { Mesh } from "../graph/mesh/mesh";
import type { EgressMap } from "../graph/reach/map";
import { callerNamesOf, gatewaysOf } from "../graph/traffic/fromMesh";
import { withTraffic } from "../graph/traffic/overMap";
import { BAD_QUESTION, CommandError } from "./exit";
import { type LogSource, Logs } from "./logs";
import { sinceOf } from "./since";

/** The options by which a verb takes traffic. */
export interface TrafficOptions {
  /** Files, folders, `-`, or `live`: the logs of the cluster of `context`. */
  traffic?: string[];
  since?: string;
  context?: string;
}

/** Milliseconds between two maps while logs are followed: as often as a person looks. */
const PACE = 1000;

/** Lays the traffic of logs over maps of one mesh. */
export class TrafficOverMap {
  private readonly logs: Logs;
  private readonly names;
  private changed = false;

  /** Throws `CommandError`. */
  constructor(mesh: Mesh, source: LogSource, since: string | undefined, onNote: (note: string) => void) {
    this.names = callerNamesOf(mesh);
    const onCall = () => {
      this.changed = true;
    };
    this.logs = new Logs(source, { ...(since !== undefined && { since }), gateways: gatewaysOf(mesh), onNote, onCall });
  }

  /** The map with all traffic that there is. Throws `ReadProblem`, `CommandError`. */
  async over(map: EgressMap): Promise<EgressMap> {
    return withTraffic(map, await this.logs.read(), this.names);
  }

  /** Gives the map anew, at most once a second, whenever calls came; ends when stopped. Throws the same. */
  async follow(map: EgressMap, onMap: (map: EgressMap) => void, stop: AbortSignal): Promise<void> {
    const give = () => {
      if (!this.changed) return;
      this.changed = false;
      onMap(withTraffic(map, this.logs.traffic(), this.names));
    };
    const timer = setInterval(give, PACE);
    try {
      await this.logs.follow(stop);
    } finally {
      clearInterval(timer);
      give();
    }
  }
}

/** Where the traffic of the options is; undefined without any. Throws `CommandError`. */
export function trafficSource({ traffic, context }: TrafficOptions): LogSource | undefined {
  if (traffic === undefined) return undefined;
  if (!traffic.includes("live")) return { paths: traffic };
  if (traffic.length > 1) throw new CommandError('--traffic takes either logs or "live".', BAD_QUESTION);
  if (context === undefined) throw new CommandError("--traffic live needs --context NAME.", BAD_QUESTION);
  return { context };
}

/** The traffic that options ask for, over maps of a mesh; undefined where they ask for none. Throws `CommandError`. */
export function trafficOver(
  mesh: Mesh,
  options: TrafficOptions,
  onNote: (note: string) => void,
): TrafficOverMap | undefined {
  const source = trafficSource(options);
  const since = options.since === undefined ? undefined : sinceOf(options.since, new Date());
  return source && new TrafficOverMap(mesh, source, since, onNote);
}
