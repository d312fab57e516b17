import type { EgressMap } from "../../graph/reach/map";
import { type Drawing, drawingOf } from "./mapGroups";

/** The map for Graphviz: what is not drawn is blocked. */
export function mapDot(map: EgressMap): string {
  const { namespaces, exits, arrows } = drawingOf(map);
  return `${[
    "digraph egress {",
    "  rankdir=LR;",
    "  node [shape=box];",
    ...namespaces.flatMap(({ name, applications }, n) => [
      `  subgraph cluster_n${n} {`,
      `    label=${quoted([name])};`,
      ...applications.map(({ node, label }) => `    ${node} [shape=oval, label=${quoted([label])}];`),
      "  }",
    ]),
    ...exits.flatMap(({ label, kind, boxes }, n) => [
      `  subgraph cluster_g${n} {`,
      `    label=${quoted([label])};${kind === "direct" ? " color=red;" : ""}`,
      ...boxes.map(({ node, lines }) => `    ${node} [label=${quoted(lines)}];`),
      "  }",
    ]),
    ...arrows.map(({ from, to, kind }) => `  ${from} -> ${to}${STYLE[kind]};`),
    "}",
  ].join("\n")}\n`;
}

const STYLE: Readonly<Record<Drawing["arrows"][number]["kind"], string>> = {
  gateway: "",
  "in-mesh": "",
  direct: " [color=red, style=bold]",
  unknown: " [style=dashed]",
};

/** A quoted text of the DOT language: quotes and backslashes are escaped, and `\n` is a new line. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replace(/[\r\n]+/g, " ").replace(/[\\"]/g, "\\$&")).join("\\n")}"`;
}
