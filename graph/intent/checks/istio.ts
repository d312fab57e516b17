import type { EgressConfig } from "../config";
import { labelFault } from "../names";
import type { Problem } from "../problem";

/** Istio's settings that end up in labels, identities and DNS names. */
export function checkIstio(config: EgressConfig): Problem[] {
  const { repository, version, revision, trustDomain, clusterDomain } = config.istio ?? {};
  const problems: Problem[] = [];
  const check = (key: string, value: string | undefined, fault: (value: string) => string | undefined, fix: string) => {
    const message = value === undefined ? undefined : fault(value);
    if (message !== undefined) problems.push({ path: `istio.${key}`, value, message, fix });
  };
  check(
    "repository",
    repository,
    repositoryFault,
    "Write https://… or oci://…; for charts in a folder use istio.charts",
  );
  check("version", version, versionFault, "Write the version of the charts, e.g. 1.31.0");
  check("revision", revision, (value) => labelFault(value), "Use the name of an Istio revision or tag");
  check("trustDomain", trustDomain, domainFault, "Use the mesh's trust domain, e.g. cluster.local");
  check("clusterDomain", clusterDomain, domainFault, "Use the cluster's DNS domain, e.g. cluster.local");
  return problems;
}

function repositoryFault(value: string): string | undefined {
  return /^(https?|oci):\/\/\S+$/.test(value) ? undefined : "is no address of a chart repository";
}

function versionFault(value: string): string | undefined {
  return /^\d+\.\d+\.\d+/.test(value) ? undefined : "is no version";
}

function domainFault(value: string): string | undefined {
  return value.split(".").every((label) => labelFault(label) === undefined) ? undefined : "is no DNS name";
}
