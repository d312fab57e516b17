import { isWildcard, subsetOf } from "../../mesh/hosts";
import { type Destination, type EgressConfig, PortProtocol } from "../config";
import { portsOf } from "../defaults";
import { join, type Problem } from "../problem";
import { seesRequests } from "../protocols";

/** Wildcard hosts: what they may stand beside, and which ports they may have. */
export function checkWildcards(config: EgressConfig): Problem[] {
  return [
    ...overlaps(config),
    ...Object.entries(config.destinations).flatMap(([name, destination]) => [
      ...tlsPorts(name, destination),
      ...uselessOption(name, destination),
      ...openPorts(config, name, destination),
    ]),
  ];
}

/**
 * An application's import of a wildcard brings every host under it, and the wildcard's DestinationRule applies to them
 * too (Istio API, `Sidecar.egress.hosts`, `DestinationRule.host`; both seen on real proxies).
 */
function overlaps(config: EgressConfig): Problem[] {
  const hosts = Object.entries(config.destinations).flatMap(([name, destination]) =>
    (destination.hosts ?? []).map((host, index) => ({ host, path: join("destinations", name, "hosts", index) })),
  );
  const wildcards = new Map(hosts.filter(({ host }) => isWildcard(host)).map((each) => [each.host, each]));
  return hosts.flatMap(({ host, path }) => {
    const over = covering(host)
      .map((name) => wildcards.get(name))
      .find((each) => each !== undefined);
    return over === undefined
      ? []
      : [
          {
            path,
            value: host,
            message: `lies under "${over.host}" at ${over.path}, and whoever may reach the one would reach the other`,
            fix: `Remove one of the two: "${over.host}" stands for "${host}" already`,
          },
        ];
  });
}

/** The wildcards that stand for a host, itself not included: of `a.b.org` they are `*.b.org` and `*.org`. */
function covering(host: string): string[] {
  const labels = host.split(".");
  return labels
    .slice(1)
    .map((_, index) => `*.${labels.slice(index + 1).join(".")}`)
    .filter((wildcard) => wildcard !== host);
}

/** A gateway that passes TLS on cannot look a name up by itself. */
function tlsPorts(name: string, destination: Destination): Problem[] {
  if (destination.wildcardTls === true) return [];
  const port = portsOf(destination).find(({ protocol }) => protocol === PortProtocol.TLS);
  if (port === undefined) return [];
  return wildcardsOf(destination).map(({ host, index }) => ({
    path: join("destinations", name, "hosts", index),
    value: host,
    message: `is a wildcard with TLS port ${port.number}: a gateway passes TLS on to hosts that it knows by name, and finds others by an EnvoyFilter only, which Istio may break at any upgrade`,
    fix: `Name the hosts; or leave out TLS ports, as "ports: [{number: 80}]" does; or accept the risk with "wildcardTls: true"`,
  }));
}

function uselessOption(name: string, destination: Destination): Problem[] {
  if (destination.wildcardTls !== true) return [];
  const needed = wildcardsOf(destination).length > 0 && portsOf(destination).some(isTls);
  return needed
    ? []
    : [
        {
          path: join("destinations", name, "wildcardTls"),
          value: true,
          message: "has no effect: the destination has no wildcard host with a TLS port",
          fix: "Remove it",
        },
      ];
}

/** With a wildcard, Envoy dials the port that the Host header names; only the policy holds it to the port allowed. */
function openPorts({ guards }: EgressConfig, name: string, destination: Destination): Problem[] {
  if (
    guards?.authorization !== false ||
    !portsOf(destination).some(({ protocol }) => protocol && seesRequests(protocol))
  )
    return [];
  return wildcardsOf(destination).map(({ host, index }) => ({
    path: join("destinations", name, "hosts", index),
    value: host,
    message:
      "is a wildcard with an HTTP port: its gateway dials whatever port the Host header names, which only an AuthorizationPolicy holds to the port allowed",
    fix: "Remove guards.authorization: false, or name the hosts",
  }));
}

function wildcardsOf({ hosts = [] }: Destination): { host: string; index: number }[] {
  return hosts.map((host, index) => ({ host, index })).filter(({ host }) => isWildcard(host));
}

function isTls({ protocol }: { protocol: PortProtocol | undefined }): boolean {
  return protocol === PortProtocol.TLS;
}

/** Whether a wildcard stands for names of the cluster itself. */
export function coversCluster(wildcard: string, clusterDomain: string): boolean {
  return subsetOf(clusterDomain, wildcard) || subsetOf(`*.${clusterDomain}`, wildcard);
}
