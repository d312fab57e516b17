import Table from "cli-table3";
import type { EgressMap, MapEdge } from "../../graph/reach/map";
import { ANY_OTHER_HOST } from "../../graph/reach/way";
import { applicationText } from "./diffLines";

/** The map as a table, a row for each application, host and way; plain but for its frame. */
export function mapTable({ edges, applications, unknownInputs }: EgressMap): string {
  const rows = rowsOf(edges);
  const idle = applications.map(({ id }) => id).filter((id) => !edges.some(({ application }) => application === id));
  const table = new Table({ head: ["application", "reaches", "ports", "by"], style: { head: [], border: [] } });
  for (const { edge, ports } of rows)
    table.push([applicationText(edge.application), hostText(edge.host), ports.join(", "), byText(edge)]);
  return [
    ...(rows.length > 0 ? [table.toString()] : ["Nothing is reachable."]),
    ...(idle.length > 0 ? [`Reach nothing: ${idle.join(", ")}`] : []),
    ...(unknownInputs.length > 0 ? [`Not known yet, so there may be more: ${unknownInputs.join(", ")}`] : []),
    "",
  ].join("\n");
}

function rowsOf(edges: readonly MapEdge[]): { edge: MapEdge; ports: string[] }[] {
  const rows = new Map<string, { edge: MapEdge; ports: string[] }>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.application, edge.host, byText(edge)]);
    const row = rows.get(key) ?? { edge, ports: [] };
    row.ports.push(`${edge.port} ${edge.protocol}`);
    rows.set(key, row);
  }
  return [...rows.values()];
}

function hostText(host: string): string {
  return host === ANY_OTHER_HOST ? "any host that nobody names" : host;
}

function byText({ verdict, gateways, requests, reason }: MapEdge): string {
  const only = requests === undefined ? "" : ` (${requests.join(", ")})`;
  if (verdict === "gateway") return `${gateways.join(" then ")}${only}`;
  return verdict === "unknown"
    ? `not known: ${reason}`
    : `${verdict === "direct" ? "directly!" : "inside the mesh"}${only}`;
}
