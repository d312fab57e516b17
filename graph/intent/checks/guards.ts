import { cidrFault, covers } from "../cidr";
import type { EgressConfig, GatewayOptions } from "../config";
import { clusterRangesOf } from "../guardsIntent";
import { addressFault, rangeFault } from "../ipAddress";
import { labelFault, labelKeyFault, labelValueFault } from "../names";
import { join, type Problem } from "../problem";

/** Reserved addresses, of which Istio makes up the automatic ones of hosts: free to be dialled, of no cluster. */
const RESERVED = "240.0.0.0/4";

/** Guards: valid ranges and pods, and no destination where its gateway may not go. */
export function checkGuards(config: EgressConfig): Problem[] {
  return [...ranges(config), ...pods(config), ...destinations(config)];
}

function ranges({ guards = {}, gateways = {}, gatewayDefaults = {} }: EgressConfig): Problem[] {
  const lists: [path: string, list: string[]][] = [
    ["guards.clusterRanges", guards.clusterRanges ?? []],
    ["gatewayDefaults.egressRanges", gatewayDefaults.egressRanges ?? []],
    ...Object.entries(gateways).map(([name, { egressRanges = [] }]): [string, string[]] => [
      join("gateways", name, "egressRanges"),
      egressRanges,
    ]),
  ];
  return [
    ...lists.flatMap(([path, list]) =>
      list.flatMap((value, index) => {
        const fault = cidrFault(value);
        return fault === undefined ? [] : [{ path: join(path, index), value, ...fault }];
      }),
    ),
    ...everything(guards.clusterRanges ?? []),
  ];
}

/** A gateway that may reach nothing outside is none, and Kubernetes refuses an exception that leaves nothing. */
function everything(clusterRanges: string[]): Problem[] {
  return clusterRanges.flatMap((value, index) =>
    /\/0+$/.test(value)
      ? [
          {
            path: join("guards.clusterRanges", index),
            value,
            message: "is every address, so gateways could reach nothing outside",
            fix: "Name the ranges of pods, Services and nodes",
          },
        ]
      : [],
  );
}

function pods({ guards = {} }: EgressConfig): Problem[] {
  const problems: Problem[] = [];
  const namespaces: [path: string, name: string | undefined][] = [
    ["guards.dns.namespace", guards.dns?.namespace],
    ...(guards.monitoringNamespaces ?? []).map((name, index): [string, string] => [
      join("guards.monitoringNamespaces", index),
      name,
    ]),
  ];
  for (const [path, value] of namespaces) {
    const message = value === undefined ? undefined : labelFault(value);
    if (message !== undefined) problems.push({ path, value, message, fix: "Use a valid namespace name" });
  }
  const labels = guards.dns?.labels;
  if (labels !== undefined && Object.keys(labels).length === 0)
    problems.push({
      path: "guards.dns.labels",
      value: labels,
      message: "is empty and would select every pod of the namespace",
      fix: 'Leave it out for "k8s-app: kube-dns", or name a label',
    });
  for (const [key, value] of Object.entries(labels ?? {})) {
    const message = labelKeyFault(key) ?? labelValueFault(value);
    if (message !== undefined)
      problems.push({ path: join("guards.dns.labels", key), value, message, fix: "Use a valid label" });
  }
  return problems;
}

/** What is no outside address at all is told elsewhere. */
function destinations(config: EgressConfig): Problem[] {
  const inside = (address: string) => clusterRangesOf(config.guards ?? {}).find((range) => covers(range, address));
  return Object.entries(config.destinations).flatMap(([name, { cidrs = [], addresses = {}, gateway = name }]) => [
    ...cidrs.flatMap((value, index) => {
      if (rangeFault(value) !== undefined) return [];
      const path = join("destinations", name, "cidrs", index);
      const allowed = optionsOf(config, gateway).egressRanges;
      if (allowed !== undefined) return outsideOf(path, value, gateway, allowed);
      const range = inside(value);
      return range === undefined ? [] : [inCluster(path, value, range)];
    }),
    ...Object.entries(addresses).flatMap(([host, list]) =>
      list.flatMap((value, index) => {
        const told = covers(RESERVED, value) || addressFault(value) !== undefined;
        const range = told ? undefined : inside(value);
        return range === undefined
          ? []
          : [inCluster(`${join("destinations", name, "addresses")}[${JSON.stringify(host)}][${index}]`, value, range)];
      }),
    ),
  ]);
}

function optionsOf({ gatewayDefaults, gateways }: EgressConfig, gateway: string): GatewayOptions {
  return { ...gatewayDefaults, ...gateways?.[gateway] };
}

function inCluster(path: string, value: string, range: string): Problem {
  return {
    path,
    value,
    message: `lies in the cluster's own range ${range} (guards.clusterRanges), which no gateway may reach`,
    fix: "Use an address outside, or narrow guards.clusterRanges; for a private network name gateways.NAME.egressRanges",
  };
}

function outsideOf(path: string, value: string, gateway: string, allowed: string[]): Problem[] {
  return allowed.some((range) => covers(range, value))
    ? []
    : [
        {
          path,
          value,
          message: `lies outside the ranges that its gateway may reach (gateways.${gateway}.egressRanges: ${allowed.join(", ")})`,
          fix: "Add the range there, or give the destination another gateway",
        },
      ];
}
