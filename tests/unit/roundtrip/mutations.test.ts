import assert from "node:assert/strict";
import fc from "fast-check";
import {
  applicationKey,
  type Flow,
  flows,
  type Intent,
  keyOf,
  type Manifest,
  manifests,
  withDefaults,
} from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Call, Verdict } from "../../../graph/explain/types";
import { buildMesh } from "../../../graph/mesh/mesh";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { APPLICATION_SIDE } from "./applicationSide";
import { GATEWAY_SIDE } from "./gatewaySide";
import { broken, type Mutation } from "./mutation";

const RUNS = { seed: 9, numRuns: 15 };

/** The objects of a kind and side that an allowed flow passes. */
function linksOf(intent: Intent, flow: Flow, { kind, namespace }: Mutation): Manifest[] {
  const names = {
    routes: intent.routesNamespace,
    gateways: intent.gatewayNamespace,
    applications: flow.application.split("/")[0],
  };
  const service = flow.gateway.split("/")[1] ?? "";
  return manifests(intent).filter(({ kind: its, metadata, spec }) => {
    if (its !== kind || metadata.namespace !== names[namespace]) return false;
    const fields = (spec ?? {}) as { hosts?: string[]; host?: string };
    switch (kind) {
      case "DestinationRule":
        return fields.host === flow.host;
      case "ServiceEntry":
      case "VirtualService":
        return fields.hosts?.includes(flow.host);
      case "Sidecar":
        return metadata.name === flow.application.split("/")[1];
      default:
        return metadata.name === service;
    }
  });
}

function callOf(intent: Intent, flow: Flow): Call {
  const application = intent.applications.find((one) => applicationKey(one) === flow.application);
  assert.ok(application);
  const { namespace, selector, serviceAccount } = application;
  return {
    workload: { namespace, labels: selector, serviceAccount, injected: true },
    host: flow.host,
    port: flow.port,
    protocol: flow.protocol === "HTTP" ? "http" : "tls",
  };
}

function say({ verdict, reason, missing, path }: Verdict): string {
  return `${verdict}: ${reason}\n  missing: ${missing}\n${path.map(({ stage, object, message }) => `  ${stage} [${object ?? ""}]: ${message}`).join("\n")}`;
}

describe("graph: break any one link, and the verdict changes", function () {
  this.timeout(60_000);
  for (const mutation of [...APPLICATION_SIDE, ...GATEWAY_SIDE]) {
    it(`${mutation.kind} of the ${mutation.namespace}: ${mutation.title}${mutation.survives ? " (traffic still goes through the gateway)" : ""}`, () => {
      let tried = 0;
      fc.assert(
        fc.property(arbitraryConfig, (config) => {
          const intent = withDefaults(config);
          const all = manifests(intent);
          for (const flow of flows(intent).slice(0, 6)) {
            for (const object of linksOf(intent, flow, mutation)) {
              tried++;
              const replaced = broken(mutation, object, intent.routesNamespace);
              const objects = all.flatMap((other) => (keyOf(other) === keyOf(object) ? (replaced ?? []) : other));
              const verdict = explain(buildMesh(objects.map((manifest) => ({ manifest }))), callOf(intent, flow));
              const title = `${flow.application} to ${flow.host}:${flow.port} with ${keyOf(object)} broken: ${say(verdict)}`;
              if (mutation.survives) assert.equal(verdict.verdict, "gateway", title);
              else {
                assert.notEqual(verdict.verdict, "gateway", title);
                assert.equal(verdict.verdict === "unknown", mutation.unknown ?? false, title);
                assert.ok(verdict.missing, `no missing link named: ${title}`);
              }
            }
          }
        }),
        RUNS,
      );
      assert.ok(tried > 0, "the generator made no such link");
    });
  }
});
