import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Manifest } from "../../graph/manifest";
import { FIXED, gatewayService } from "./generate/base";
import type { OracleCall } from "./oracle";

/** One file of tests/cases/oracle or tests/cases/reality: calls in a mesh made of the fixed manifests (generate/base.ts) and the case's own. */
export interface OracleCase {
  title: string;
  /** Rule of Istio's that it shows, and where it is written (file and function of istio.io/istio, or a doc page). */
  rule: string;
  meshConfig?: Record<string, unknown>;
  /** Shape of the gateway's Service, see gatewayService. */
  service?: number;
  calls: (OracleCall & { expect: string })[];
  manifests: Manifest[];
}

/** Cases that the oracle taught, or those that the lab did. */
export function readCases(from: "oracle" | "reality" = "oracle"): { file: string; oracleCase: OracleCase }[] {
  const folder = join(__dirname, "..", "cases", from);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ file, oracleCase: parse(readFileSync(join(folder, file), "utf8")) as OracleCase }));
}

/** The case's manifests and the fixed ones; an object of the same kind and name replaces a fixed one. */
export function allManifests({ manifests, service = 1 }: OracleCase): Manifest[] {
  const found = new Map<string, Manifest>();
  for (const object of [
    ...FIXED,
    gatewayService("egress", "gw", service),
    gatewayService("other", "gw2", 0),
    ...manifests,
  ]) {
    found.set(`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`, object);
  }
  return [...found.values()];
}
