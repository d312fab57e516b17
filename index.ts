import * as pulumi from "@pulumi/pulumi";
import { mapMermaid } from "./cli/render/mapMermaid";
import { ControlledEgress } from "./components";
import { readStackConfig } from "./components/stackConfig";
import { mapOfFlows } from "./graph/reach/map";

const { egress: config, demo } = readStackConfig(pulumi.getProject());
const egress = new ControlledEgress("egress", config);

if (demo.demo) {
  // Loaded here alone: kubernetesx serves the demo's workloads and is not there for users of the component.
  const { demoWorkloads } = require("./demo/workloads") as typeof import("./demo/workloads");
  demoWorkloads(egress, config, demo.demoImage);
}

export const namespaces = egress.namespaces;
export const gateways = egress.gateways;
export const releases = egress.releases;
export const allowedFlows = egress.allowedFlows;
/** Who may reach what, by which gateway, as a Mermaid flowchart. */
export const map = egress.allowedFlows.apply((flows) => mapMermaid(mapOfFlows(flows)));
