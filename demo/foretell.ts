import Table from "cli-table3";
import pc from "picocolors";
import { flows, type Intent, manifests } from "../graph";
import { groupBy } from "../graph/group";

const PLAIN = { head: [], border: [] };

/** What the stack will be, before anything is built: the allowed flows and the objects to be made. */
export function foretell(intent: Intent): string {
  return [
    pc.bold("Allowed flows (everything else is denied)"),
    flowTable(intent),
    "",
    pc.bold("Objects to be made"),
    objectTable(intent),
  ].join("\n");
}

function flowTable(intent: Intent): string {
  const table = new Table({ head: ["application", "destination", "host", "ports", "through gateway"], style: PLAIN });
  const byHost = groupBy(flows(intent), ({ application, host }) => `${application} ${host}`);
  for (const [first, ...rest] of byHost.values()) {
    if (first === undefined) continue;
    const ports = [first, ...rest].map(({ port, protocol }) => `${port} ${protocol}`).join(", ");
    table.push([first.application, first.destination, first.host, ports, first.gateway]);
  }
  return table.toString();
}

function objectTable(intent: Intent): string {
  const objects = manifests(intent);
  const table = new Table({ head: ["kind", "count", "namespaces"], style: PLAIN });
  for (const [kind, members] of groupBy(objects, (object) => object.kind)) {
    table.push([
      kind,
      members.length,
      [...new Set(members.map(({ metadata }) => metadata.namespace ?? metadata.name))].join(", "),
    ]);
  }
  table.push(["all", objects.length, ""]);
  return table.toString();
}
