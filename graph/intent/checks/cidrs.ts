import { CIDR_LIMIT, sizeOf } from "../cidr";
import { type Destination, type EgressConfig, PortProtocol } from "../config";
import { portsOf } from "../defaults";
import { rangeFault } from "../ipAddress";
import { join, type Problem } from "../problem";

/** CIDRs: valid ranges, for TCP ports only, few enough addresses that each can be a host of its own. */
export function checkCidrs(config: EgressConfig): Problem[] {
  return Object.entries(config.destinations).flatMap(([name, destination]) => {
    if (destination.cidrs === undefined) return [];
    return [
      ...ranges(name, destination.cidrs),
      ...size(join("destinations", name, "cidrs"), destination.cidrs),
      ...tcpOnly(join("destinations", name, "ports"), destination),
    ];
  });
}

function ranges(name: string, cidrs: string[]): Problem[] {
  return cidrs.flatMap((cidr, index) => {
    const fault = rangeFault(cidr);
    return fault === undefined ? [] : [{ path: join("destinations", name, "cidrs", index), value: cidr, ...fault }];
  });
}

function size(path: string, cidrs: string[]): Problem[] {
  const total = cidrs.reduce((sum, cidr) => sum + sizeOf(cidr), 0);
  if (total <= CIDR_LIMIT) return [];
  return [
    {
      path,
      value: cidrs,
      message: `has ${total > 1e6 ? "millions of" : total} addresses in all, over the limit of ${CIDR_LIMIT}: a gateway cannot keep the address that was dialled, so each becomes a host of its own`,
      fix: "Name smaller ranges, the hosts themselves, or several destinations",
    },
  ];
}

function tcpOnly(path: string, destination: Destination): Problem[] {
  if (destination.ports === undefined)
    return [
      {
        path,
        message: "is missing, but cidrs need it",
        fix: "Say the TCP ports, e.g. [{number: 5432, protocol: TCP}]",
      },
    ];
  return portsOf(destination).flatMap(({ protocol }, index) =>
    protocol === undefined || protocol === PortProtocol.TCP
      ? []
      : [
          {
            path: `${path}[${index}].protocol`,
            value: protocol,
            message: "goes by names, but cidrs have none",
            fix: "Use TCP ports with cidrs, and name the hosts of others in a destination of their own",
          },
        ],
  );
}
