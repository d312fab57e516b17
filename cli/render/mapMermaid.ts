import type { EgressMap } from "../../graph/reach/map";
import { type Drawing, drawingOf } from "./mapGroups";

/** The map as a Mermaid flowchart: what is not drawn is blocked. */
export function mapMermaid(map: EgressMap): string {
  const { namespaces, exits, arrows } = drawingOf(map);
  return `${[
    "flowchart LR",
    ...namespaces.flatMap(({ name, applications }, n) => [
      `  subgraph n${n}[${quoted([name])}]`,
      ...applications.map(({ node, label }) => `    ${node}([${quoted([label])}])`),
      "  end",
    ]),
    ...exits.flatMap(({ label, boxes }, n) => [
      `  subgraph g${n}[${quoted([label])}]`,
      ...boxes.map(({ node, lines }) => `    ${node}[${quoted(lines)}]`),
      "  end",
    ]),
    ...arrows.map(({ from, to, kind }) => `  ${from} ${ARROW[kind]} ${to}`),
    ...styles(exits),
  ].join("\n")}\n`;
}

const ARROW: Readonly<Record<Drawing["arrows"][number]["kind"], string>> = {
  gateway: "-->",
  "in-mesh": "-->",
  direct: "==>",
  unknown: "-.->",
};

/** Red for what no gateway sees. */
function styles(exits: Drawing["exits"]): string[] {
  const direct = exits.flatMap(({ kind }, n) => (kind === "direct" ? [`g${n}`] : []));
  return direct.map((id) => `  style ${id} stroke:#c00,stroke-width:3px`);
}

/**
 * Lines as one quoted text. Mermaid knows entity codes, `#quot;` and `#35;`, and reads HTML, Markdown and `#` otherwise
 * (Mermaid docs, "Flowchart syntax: entity codes to escape characters").
 */
function quoted(lines: readonly string[]): string {
  return `"${lines.map(escaped).join("<br>")}"`;
}

function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/()=+-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
