import ipaddr from "ipaddr.js";
import type { EgressConfig } from "../config";
import { join, type Problem } from "../problem";

/** `guards.clusterDns: false` takes DNS from the pods, so everything that they must find needs an address here. */
export function checkClusterDns(config: EgressConfig): Problem[] {
  return [...discovery(config), ...(config.guards?.clusterDns === false ? withoutDns(config) : [])];
}

function discovery({ istio = {} }: EgressConfig): Problem[] {
  const { discoveryIp } = istio;
  return discoveryIp === undefined ||
    ipaddr.IPv4.isValidFourPartDecimal(discoveryIp) ||
    ipaddr.IPv6.isValid(discoveryIp)
    ? []
    : [
        {
          path: "istio.discoveryIp",
          value: discoveryIp,
          message: "is no IP address",
          fix: "Write the ClusterIP of istiod's Service",
        },
      ];
}

function withoutDns(config: EgressConfig): Problem[] {
  const { guards = {}, istio = {} } = config;
  const because = "guards.clusterDns is false";
  const problems: Problem[] = [];
  if (guards.networkPolicy === false)
    problems.push({
      path: "guards.networkPolicy",
      value: false,
      message: `nothing would keep pods from the cluster's DNS, and ${because}`,
      fix: "Set it to true, or leave clusterDns on",
    });
  if (istio.discoveryIp === undefined)
    problems.push({
      path: "istio.discoveryIp",
      message: `is missing: ${because}, so proxies cannot resolve istiod's name`,
      fix: "Write the ClusterIP of istiod's Service",
    });
  if (istio.dnsCapture === false)
    problems.push({
      path: "istio.dnsCapture",
      value: false,
      message: `nobody would answer the applications' DNS questions, as ${because}`,
      fix: "Remove it, or leave clusterDns on",
    });
  return [...problems, ...withoutAddress(config, because), ...wildcards(config, because)];
}

function withoutAddress(config: EgressConfig, because: string): Problem[] {
  const names = new Set(Object.entries(config.destinations).map(([name, { gateway }]) => gateway ?? name));
  return [...names]
    .filter((name) => config.gateways?.[name]?.clusterIp === undefined)
    .map((name) => ({
      path: join("gateways", name, "clusterIp"),
      message: `is missing: ${because}, so proxies cannot resolve the gateway's name`,
      fix: "Give it a free address of the cluster's Service range",
    }));
}

/** Istio gives addresses to whole names alone (Istio docs, "DNS Proxying": address auto allocation). */
function wildcards({ destinations }: EgressConfig, because: string): Problem[] {
  return Object.entries(destinations).flatMap(([name, { hosts = [] }]) =>
    hosts.flatMap((host, index) =>
      host.includes("*")
        ? [
            {
              path: join("destinations", name, "hosts", index),
              value: host,
              message: `is a wildcard, for whose names sidecars have no address, and ${because}`,
              fix: "List the hosts by name, or leave clusterDns on",
            },
          ]
        : [],
    ),
  );
}
