import type { EgressConfig, GatewayOptions } from "../config";
import { gatewayOptions, leastPods, saidOf } from "../gatewayIntent";
import { suggest } from "../nearest";
import { join, type Problem } from "../problem";
import { scaleProblems } from "./gatewayScale";
import { placementProblems } from "./placement";
import { resourceProblems } from "./resources";
import { serviceProblems } from "./services";

/** Gateways: options of gateways that exist, each good by itself and beside the defaults and other gateways. */
export function checkGateways(config: EgressConfig): Problem[] {
  const names = gatewayNames(config);
  return [
    ...unknownGateways(config, names),
    ...blocks(config).flatMap(([path, options]) => [
      ...scaleProblems(path, options),
      ...resourceProblems(path, options),
      ...placementProblems(path, options),
      ...serviceProblems(path, options),
    ]),
    ...budgetProblems(config, names),
    ...sharedAddresses(config, names),
  ];
}

function gatewayNames({ destinations }: EgressConfig): string[] {
  return [...new Set(Object.entries(destinations).map(([name, { gateway }]) => gateway ?? name))];
}

function blocks({ gatewayDefaults = {}, gateways = {} }: EgressConfig): [path: string, options: GatewayOptions][] {
  return [
    ["gatewayDefaults", gatewayDefaults],
    ...Object.entries(gateways).map(([name, options]): [string, GatewayOptions] => [join("gateways", name), options]),
  ];
}

function unknownGateways({ gateways = {} }: EgressConfig, names: string[]): Problem[] {
  return Object.keys(gateways)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: join("gateways", name),
      value: name,
      message: "is no destination's gateway",
      fix: suggest(name, names, "Remove it"),
    }));
}

/** A budget that no pod may leave would stop every drain of a node for good. */
function budgetProblems(config: EgressConfig, names: string[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const name of names) {
    const { minAvailable } = saidOf(config, name);
    const pods = leastPods(gatewayOptions(config, name));
    if (!isCount(minAvailable) || !isCount(pods) || minAvailable < pods) continue;
    const path = whereSaid(config, name, "minAvailable");
    problems.set(path, {
      path,
      value: minAvailable,
      message: `leaves none of the ${pods === 1 ? "one pod" : `${pods} pods`} of gateway "${name}" free to stop, so its nodes could never be drained`,
      fix: `Run more pods, or use ${pods === 1 ? "0, which sets no budget" : `at most ${pods - 1}`}`,
    });
  }
  return [...problems.values()];
}

/** A whole number of at least one; anything else is another check's matter, or asks for nothing. */
function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 1;
}

/** An address belongs to one Service. */
function sharedAddresses(config: EgressConfig, names: string[]): Problem[] {
  const first = new Map<string, string>();
  const problems = new Map<string, Problem>();
  for (const name of names) {
    const address = saidOf(config, name).clusterIp;
    if (address === undefined) continue;
    const other = first.get(address);
    if (other === undefined) first.set(address, name);
    const path = whereSaid(config, name, "clusterIp");
    if (other !== undefined)
      problems.set(path, {
        path,
        value: address,
        message: `would be the address of gateway "${other}" and of gateway "${name}"`,
        fix: "Give each gateway an address of its own, under gateways",
      });
  }
  return [...problems.values()];
}

function whereSaid({ gateways = {} }: EgressConfig, name: string, key: keyof GatewayOptions): string {
  return gateways[name]?.[key] === undefined ? `gatewayDefaults.${key}` : join("gateways", name, key);
}
