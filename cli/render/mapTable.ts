import Table from "cli-table3";
import type { EgressMap, MapEdge } from "../../graph/reach/map";
import { ANY_OTHER_HOST } from "../../graph/reach/way";
import { applicationText } from "./diffLines";

/** The map as a table, a row for each application, host and way; plain but for its frame. */
export function mapTable({ edges, applications, unknownInputs, denied }: EgressMap): string {
  const rows = rowsOf(edges);
  const idle = applications.map(({ id }) => id).filter((id) => !edges.some(({ application }) => application === id));
  const head = ["application", "reaches", "ports", "by", ...(denied ? ["calls"] : [])];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { edge, ports, calls } of rows) {
    const cells = [applicationText(edge.application), hostText(edge.host), ports.join(", "), byText(edge)];
    table.push(denied ? [...cells, calls] : cells);
  }
  return [
    ...(rows.length > 0 ? [table.toString()] : ["Nothing is reachable."]),
    ...(denied ?? []).map(
      ({ application, host, port, calls, by }) => `Denied ${calls} times: ${application} → ${host} ${port}, by ${by}`,
    ),
    ...(idle.length > 0 ? [`Reach nothing: ${idle.join(", ")}`] : []),
    ...(unknownInputs.length > 0 ? [`Not known yet, so there may be more: ${unknownInputs.join(", ")}`] : []),
    "",
  ].join("\n");
}

interface Row {
  edge: MapEdge;
  ports: string[];
  calls: number;
}

function rowsOf(edges: readonly MapEdge[]): Row[] {
  const rows = new Map<string, Row>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.application, edge.host, byText(edge)]);
    const row = rows.get(key) ?? { edge, ports: [], calls: 0 };
    row.ports.push(`${edge.port} ${edge.protocol}`);
    row.calls += edge.traffic?.calls ?? 0;
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
