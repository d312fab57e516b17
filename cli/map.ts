import { type EgressMap, mapOf } from "../graph/reach/map";
import type { MapFormat } from "./formats";
import { type InputOptions, inputOf } from "./input";
import { filledMeshFrom } from "./mesh";
import type { Output } from "./output";
import { Problems } from "./problems";

export interface MapOptions extends InputOptions {
  format: MapFormat;
}

/** `controlled-egress map`: who may reach what, by which gateway. */
export async function mapCommand({ format, ...input }: MapOptions, output: Output): Promise<number> {
  const problems = new Problems(output);
  const map = mapOf(await filledMeshFrom(inputOf("map", input), problems.reading));
  output.out(renderer(format)(map));
  return problems.exitCode(0);
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
