import type { EgressMap, MapApplication, MapEdge } from "../../graph/reach/map";
import { ANY_OTHER_HOST } from "../../graph/reach/way";
import { applicationText } from "./diffLines";

/** A drawing of the map: applications by namespace, and what they reach by the gateway that it takes. */
export interface Drawing {
  namespaces: { name: string; applications: { node: string; id: string; label: string }[] }[];
  exits: { kind: MapEdge["verdict"]; label: string; boxes: Box[] }[];
  arrows: { from: string; to: string; kind: MapEdge["verdict"] }[];
}

/** Hosts of one exit that the same applications reach on the same ports. */
export interface Box {
  node: string;
  lines: string[];
}

const EXIT_LABEL: Readonly<Record<MapEdge["verdict"], string>> = {
  gateway: "",
  direct: "without a gateway",
  "in-mesh": "inside the mesh",
  unknown: "not known",
};

/** The same map always gives the same drawing, names of nodes included. */
export function drawingOf(map: EgressMap): Drawing {
  const nodes = new Map(map.applications.map(({ id }, n) => [id, `a${n}`]));
  const boxes = boxesOf(map);
  const exits = new Map<string, Drawing["exits"][number]>();
  const arrows: Drawing["arrows"] = [];
  boxes.forEach(({ exit, kind, lines, callers }, n) => {
    const found = exits.get(exit) ?? { kind, label: exit, boxes: [] };
    found.boxes.push({ node: `d${n}`, lines });
    exits.set(exit, found);
    for (const caller of callers) arrows.push({ from: nodes.get(caller) ?? "", to: `d${n}`, kind });
  });
  return { namespaces: namespacesOf(map.applications, nodes), exits: [...exits.values()], arrows };
}

function namespacesOf(applications: readonly MapApplication[], nodes: Map<string, string>): Drawing["namespaces"] {
  const found = new Map<string, Drawing["namespaces"][number]>();
  for (const { id, namespace, name } of applications) {
    const own = found.get(namespace) ?? { name: namespace, applications: [] };
    const label = name.startsWith("*") ? applicationText(id) : name;
    own.applications.push({ node: nodes.get(id) ?? "", id, label });
    found.set(namespace, own);
  }
  return [...found.values()];
}

interface Grouped {
  exit: string;
  kind: MapEdge["verdict"];
  lines: string[];
  callers: string[];
}

function boxesOf({ edges }: EgressMap): Grouped[] {
  const hosts = new Map<
    string,
    { exit: string; kind: MapEdge["verdict"]; host: string; calls: Map<string, Set<string>> }
  >();
  for (const edge of edges) {
    const exit = exitOf(edge);
    const key = JSON.stringify([exit, edge.verdict, edge.host]);
    const own = hosts.get(key) ?? { exit, kind: edge.verdict, host: edge.host, calls: new Map() };
    const ports = own.calls.get(edge.application) ?? new Set();
    ports.add(`${edge.port} ${edge.protocol}${edge.requests ? `: ${edge.requests.join(", ")}` : ""}`);
    own.calls.set(edge.application, ports);
    hosts.set(key, own);
  }
  const boxes = new Map<string, Omit<Grouped, "lines"> & { hosts: string[]; ports: string[] }>();
  for (const { exit, kind, host, calls } of hosts.values()) {
    // Applications that may use other ports of the same host have a box of their own.
    for (const [ports, callers] of byPorts(calls)) {
      const key = JSON.stringify([exit, kind, ports, callers]);
      const box = boxes.get(key) ?? { exit, kind, hosts: [], ports: JSON.parse(ports) as string[], callers };
      box.hosts.push(host === ANY_OTHER_HOST ? "any host that nobody names" : host);
      boxes.set(key, box);
    }
  }
  return [...boxes.values()]
    .map(({ hosts, ports, ...box }) => ({ ...box, lines: [...hosts.sort(), ...ports] }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function byPorts(calls: Map<string, Set<string>>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [caller, ports] of calls) {
    const key = JSON.stringify([...ports].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
    found.set(key, [...(found.get(key) ?? []), caller]);
  }
  return found;
}

function keyOf({ exit, kind, lines, callers }: Grouped): string {
  return JSON.stringify([kind === "gateway" ? 0 : 1, exit, lines, callers]);
}

function exitOf({ verdict, gateways }: MapEdge): string {
  const passed = gateways.join(" then ");
  if (verdict === "gateway") return passed;
  return passed === "" ? EXIT_LABEL[verdict] : `${EXIT_LABEL[verdict]}, after ${passed}`;
}
