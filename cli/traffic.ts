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

/** The map with the traffic that options ask for; as it is where they ask for none. Throws `ReadProblem`, `CommandError`. */
export async function withCalls(
  map: EgressMap,
  mesh: Mesh,
  options: TrafficOptions,
  onNote: (note: string) => void,
): Promise<EgressMap> {
  const source = trafficSource(options);
  if (source === undefined) return map;
  const since = options.since === undefined ? {} : { since: sinceOf(options.since, new Date()) };
  const logs = new Logs(source, { ...since, gateways: gatewaysOf(mesh), onNote });
  return withTraffic(map, await logs.read(), callerNamesOf(mesh));
}

/** Where the traffic of the options is; undefined without any. Throws `CommandError`. */
function trafficSource({ traffic, context }: TrafficOptions): LogSource | undefined {
  if (traffic === undefined) return undefined;
  if (!traffic.includes("live")) return { paths: traffic };
  if (traffic.length > 1) throw new CommandError('--traffic takes either logs or "live".', BAD_QUESTION);
  if (context === undefined) throw new CommandError("--traffic live needs --context NAME.", BAD_QUESTION);
  return { context };
}
