import assert from "node:assert/strict";
import fc from "fast-check";
import {
  applicationKey,
  type EgressConfig,
  flows,
  type Intent,
  type Manifest,
  manifests,
  withDefaults,
} from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Call, Verdict } from "../../../graph/explain/types";
import { buildMesh } from "../../../graph/mesh/mesh";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import type { Draft } from "./mutation";

const RUNS = { seed: 31, numRuns: 40 };

/** Without any Sidecar every pod of a namespace sees what is exported there: the gateway alone is left to decide. */
const noSidecars = (object: Manifest): Manifest[] => (object.kind === "Sidecar" ? [] : [object]);

function noNamesOfServers(object: Manifest): Manifest[] {
  if (object.kind !== "Gateway") return [object];
  const copy = structuredClone(object) as Draft;
  for (const server of copy.spec.servers) delete server.tls.subjectAltNames;
  return [copy];
}

const noAllowing = (object: Manifest): Manifest[] =>
  object.kind === "AuthorizationPolicy" && object.metadata.name !== "deny-by-default" ? [] : [object];
const noPolicies = (object: Manifest): Manifest[] => (object.kind === "AuthorizationPolicy" ? [] : [object]);

/** Without what has a sidecar treat ports of one number alike, as all do that see everything: HTTP on 80, TLS on 443. */
function plain({ destinations, applications, gatewayNamespace }: EgressConfig): EgressConfig {
  return {
    ...(gatewayNamespace !== undefined && { gatewayNamespace }),
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([name, { hosts = [`${name}.example`], gateway }]) => [
        name,
        { hosts: hosts.filter((host) => !host.startsWith("*")), gateway },
      ]),
    ),
    // It would stop most of these calls before any gateway.
    guards: { networkPolicy: false },
    applications: applications.map(({ terms: _gone, ...application }) => application),
  };
}

/** Each call from an application to a host of another one's in its namespace. */
function foreignCalls(intent: Intent): Call[] {
  const all = flows(intent);
  const own = new Set(all.map((flow) => `${flow.application} ${flow.host}`));
  return intent.applications.flatMap((application) =>
    all
      .filter(({ application: other, host }) => {
        const [namespace] = other.split("/");
        return namespace === application.namespace && !own.has(`${applicationKey(application)} ${host}`);
      })
      .map((flow) => ({
        workload: {
          namespace: application.namespace,
          labels: application.selector,
          serviceAccount: application.serviceAccount,
          injected: true,
        },
        host: flow.host,
        port: flow.port,
        protocol: flow.protocol === "HTTP" ? ("http" as const) : ("tls" as const),
      })),
  );
}

function blockedAt(title: string, losses: ((object: Manifest) => Manifest[])[], stage: Verdict["where"]): void {
  it(title, () => {
    let tried = 0;
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(plain(config));
        const objects = losses.reduce((left, loss) => left.flatMap(loss), manifests(intent));
        const mesh = buildMesh(objects.map((manifest) => ({ manifest })));
        for (const call of foreignCalls(intent)) {
          tried++;
          const { verdict, where, reason } = explain(mesh, call);
          assert.deepEqual([verdict, where], ["blocked", stage], `${call.host}:${call.port}: ${reason}`);
        }
      }),
      RUNS,
    );
    assert.ok(tried > 0, "the generator made no foreign call");
  });
}

describe("graph: layers of identity, each of them enough", function () {
  this.timeout(60_000);
  blockedAt("the servers' names, without Sidecars", [noSidecars], "gateway-listener");
  blockedAt("the servers' names, without Sidecars and policies", [noSidecars, noPolicies], "gateway-listener");
  blockedAt("the policies, without Sidecars and servers' names", [noSidecars, noNamesOfServers], "authorization");
  blockedAt("the denying policy, without all the others", [noSidecars, noNamesOfServers, noAllowing], "authorization");
});
