import type { Mesh } from "../graph/mesh/mesh";
import { type EgressMap, mapOf } from "../graph/reach/map";
import type { MapFormat } from "./formats";
import { type Input, type InputOptions, inputOf } from "./input";
import { filledMeshFrom } from "./mesh";
import type { Output } from "./output";
import { Problems } from "./problems";
import type { TrafficOptions } from "./traffic";

export interface MapOptions extends InputOptions, TrafficOptions {
  format: MapFormat;
}

/** `controlled-egress map`: who may reach what, by which gateway. */
export async function mapCommand({ format, ...options }: MapOptions, output: Output): Promise<number> {
  const problems = new Problems(output);
  const mesh = await filledMeshFrom(objectsInput(options), problems.reading);
  const map = mapOf(mesh);
  output.out(renderer(format)(await withTraffic(map, mesh, options, output)));
  return problems.exitCode(0);
}

/** With live traffic the objects may come from elsewhere: a config and what a cluster makes of it. */
function objectsInput({ from, stack, context, traffic }: Omit<MapOptions, "format">): Input {
  const beside = traffic?.includes("live") === true && (from ?? stack) !== undefined;
  return inputOf("map", beside ? { from, stack } : { from, stack, context });
}

/** Reading logs is loaded for maps with traffic alone. */
async function withTraffic(map: EgressMap, mesh: Mesh, options: TrafficOptions, output: Output): Promise<EgressMap> {
  if (options.traffic === undefined) return map;
  const { withCalls } = require("./traffic") as typeof import("./traffic");
  return withCalls(map, mesh, options, (note) => output.err(`${note}\n`));
}

/** Each loads what it needs by itself. */
function renderer(format: MapFormat): (map: EgressMap) => string {
  switch (format) {
    case "table":
      return (require("./render/mapTable") as typeof import("./render/mapTable")).mapTable;
    case "mermaid":
      return (require("./render/mapMermaid") as typeof import("./render/mapMermaid")).mapMermaid;
    case "dot":
      return (require("./render/mapDot") as typeof import("./render/mapDot")).mapDot;
    case "json":
      return (map) => `${JSON.stringify(map, undefined, 2)}\n`;
  }
}
