import type { Destination, EgressConfig, TlsOrigination } from "../config";
import { PortProtocol } from "../config";
import { portsOf, type ReadPort } from "../defaults";
import { labelFault } from "../names";
import { join, type Problem } from "../problem";
import { seesRequests } from "../protocols";

/** TLS origination: on ports whose requests the gateway sees, with all that the certificates need. */
export function checkOrigination(config: EgressConfig): Problem[] {
  return Object.entries(config.destinations).flatMap(([name, destination]) =>
    portsOf(destination).flatMap((port, index) => {
      if (port.originateTls === undefined) return [];
      const path = join("destinations", name, "ports", index, "originateTls");
      return [
        ...onPort(path, port),
        ...certificates(path, port.originateTls),
        ...names(path, port.originateTls),
        ...wildcards(path, destination, port, port.originateTls),
      ];
    }),
  );
}

function onPort(path: string, { number, protocol, originateTls }: ReadPort): Problem[] {
  const problems: Problem[] = [];
  if (protocol !== undefined && !seesRequests(protocol))
    problems.push({
      path,
      message: `is on port ${number} of protocol ${protocol}, where the application speaks to the outside by itself`,
      fix: "Use HTTP, HTTP2 or GRPC for what the application speaks, or remove originateTls",
    });
  if ((protocol === PortProtocol.HTTP2 || protocol === PortProtocol.GRPC) && originateTls?.http2 === false)
    problems.push({
      path: `${path}.http2`,
      value: false,
      message: `is not possible on a port of protocol ${protocol}`,
      fix: "Remove it, or let the application speak HTTP",
    });
  const outside = originateTls?.port ?? 443;
  if (!Number.isInteger(outside) || outside < 1 || outside > 65535)
    problems.push({
      path: `${path}.port`,
      value: outside,
      message: "is no port number",
      fix: "Use a whole number from 1 to 65535",
    });
  return problems;
}

function certificates(path: string, { mutual, secret }: TlsOrigination): Problem[] {
  if (secret === undefined)
    return mutual === true
      ? [
          {
            path: `${path}.secret`,
            message: "is missing, but mutual needs the client's certificate",
            fix: "Name a Secret of the gateway namespace with tls.crt, tls.key and ca.crt",
          },
        ]
      : [];
  // `configmap://`, `kubernetes://` and the suffix `-cacert` have meanings of their own (Istio API, `ClientTLSSettings.credentialName`).
  return dnsName(secret) && !secret.endsWith("-cacert")
    ? []
    : [
        {
          path: `${path}.secret`,
          value: secret,
          message: "is no name of a Secret that a gateway reads",
          fix: "Use the Secret's own name: lower-case letters, digits, dots and hyphens, not ending in -cacert",
        },
      ];
}

function names(path: string, { sni, subjectAltNames = [] }: TlsOrigination): Problem[] {
  const problems: Problem[] = [];
  if (sni !== undefined && !(dnsName(sni) && sni.includes(".")))
    problems.push({ path: `${path}.sni`, value: sni, message: "is no DNS name", fix: "Write the server's name" });
  for (const [index, name] of subjectAltNames.entries())
    if (name === "" || /[\s*]/.test(name))
      problems.push({
        path: `${path}.subjectAltNames[${index}]`,
        value: name,
        message: "is no single name",
        fix: "Write names that stand in the server's certificate; they are compared as they are",
      });
  return problems;
}

/** A wildcard's calls go to any name at the port of the Host header, 443 with TLS (recipe 5a): nothing of it can be fixed. */
function wildcards(path: string, { hosts = [] }: Destination, { number }: ReadPort, tls: TlsOrigination): Problem[] {
  const wildcard = hosts.find((host) => host.startsWith("*"));
  if (wildcard === undefined) return [];
  const fixed = (["sni", "subjectAltNames"] as const).filter((key) => tls[key] !== undefined);
  const problems: Problem[] = fixed.map((key) => ({
    path: `${path}.${key}`,
    value: tls[key],
    message: `is not possible with the wildcard host ${wildcard}, whose names are checked one by one`,
    fix: "Remove it, or list the hosts by name",
  }));
  if (number !== 80 || (tls.port ?? 443) !== 443)
    problems.push({
      path,
      value: tls,
      message: `leads from port ${number} to port ${tls.port ?? 443}, but for the wildcard host ${wildcard} only from 80 to 443 is possible`,
      fix: "Use port 80 and no originateTls.port, or list the hosts by name",
    });
  return problems;
}

function dnsName(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => labelFault(label) === undefined);
}
