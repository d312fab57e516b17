import assert from "node:assert/strict";
import fc from "fast-check";
import {
  applicationKey,
  type Flow,
  flows,
  type HostIntent,
  type Intent,
  keyOf,
  type Manifest,
  manifests,
  type PortIntent,
  withDefaults,
} from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Call, Verdict } from "../../../graph/explain/types";
import { buildMesh } from "../../../graph/mesh/mesh";
import { judge } from "../../../graph/rules/judge";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { callTo } from "../../support/callOf";
import { withinLimits } from "../../support/requests";
import { APPLICATION_MUTATIONS } from "./applicationMutations";
import { GATEWAY_MUTATIONS } from "./gatewayMutations";
import { broken, type Mutation } from "./mutation";
import { NETWORK_MUTATIONS } from "./networkMutations";

const RUNS = { seed: 9, numRuns: 40 };

/** The objects of a kind and side that an allowed flow passes. */
function linksOf(intent: Intent, flow: Flow, { kind, namespace, name }: Mutation): Manifest[] {
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
      case "NetworkPolicy":
        return metadata.name === (namespace === "gateways" ? service : flow.application.split("/")[1]);
      default:
        return metadata.name === (name ?? service);
    }
  });
}

function hasAddress(intent: Intent, flow: Flow): boolean {
  const service = flow.gateway.split("/")[1];
  return intent.gateways.some((gateway) => gateway.service === service && gateway.options.clusterIp !== undefined);
}

/** What the flow is about, in the intent. */
function askedOf(intent: Intent, flow: Flow): { host: HostIntent; port: PortIntent; call: Call } {
  const application = intent.applications.find((one) => applicationKey(one) === flow.application);
  const destination = intent.destinations.find(({ name }) => name === flow.destination);
  const host = destination?.hosts.find(({ name }) => name === flow.host);
  const port = destination?.ports.find(({ number }) => number === flow.port);
  assert.ok(application && host && port);
  const { namespace, selector, serviceAccount } = application;
  const workload = { namespace, labels: selector, serviceAccount, injected: true };
  return { host, port, call: { workload, ...callTo(host, port), ...withinLimits(flow) } };
}

function say({ verdict, reason, missing, path }: Verdict): string {
  return `${verdict}: ${reason}\n  missing: ${missing}\n${path.map(({ stage, object, message }) => `  ${stage} [${object ?? ""}]: ${message}`).join("\n")}`;
}

function outside({ destination, address, tls }: Verdict): object {
  return { destination, address, tls };
}

/** The verdict, or the finding, that the mutation must give. */
function assertNoticed(
  mutation: Mutation,
  objects: Manifest[],
  object: Manifest,
  before: Verdict,
  after: Verdict,
): void {
  const title = `${keyOf(object)} broken: ${say(after)}`;
  if (mutation.finding !== undefined) {
    const sourced = objects.map((manifest) => ({ manifest }));
    const findings = judge(sourced, { today: "2026-11-24", only: [mutation.finding] });
    assert.ok(
      findings.some((finding) => finding.object === keyOf(object)),
      `${mutation.finding} says nothing of it. ${title}`,
    );
  }
  // Where it would go elsewhere, the gateway's NetworkPolicy may stop it already.
  const stopped = mutation.elsewhere === true && after.where === "network-policy";
  if ((mutation.survives || mutation.elsewhere) && !stopped) assert.equal(after.verdict, "gateway", title);
  else {
    assert.notEqual(after.verdict, "gateway", title);
    // What Istio would refuse is told as such: it is an object that is not there.
    if (after.how !== "invalid") assert.equal(after.verdict === "unknown", mutation.unknown ?? false, title);
    assert.ok(after.missing, `no missing link named: ${title}`);
  }
  if (mutation.elsewhere) assert.notDeepEqual(outside(after), outside(before), title);
}

describe("graph: break any one link, and it is noticed", function () {
  this.timeout(60_000);
  for (const mutation of [...APPLICATION_MUTATIONS, ...GATEWAY_MUTATIONS, ...NETWORK_MUTATIONS]) {
    it(`${mutation.kind} of the ${mutation.namespace}: ${mutation.title}${mutation.survives ? " (traffic still goes through the gateway)" : ""}`, () => {
      let tried = 0;
      fc.assert(
        fc.property(arbitraryConfig, (config) => {
          const intent = withDefaults(config);
          const all = manifests(intent);
          const mesh = buildMesh(all.map((manifest) => ({ manifest })));
          const { dnsCapture } = intent.istio;
          for (const flow of flows(intent).slice(0, 6)) {
            const { host, port, call } = askedOf(intent, flow);
            for (const object of linksOf(intent, flow, mutation)) {
              if (mutation.only && !mutation.only({ host, port, object, dnsCapture })) continue;
              tried++;
              const replaced = broken(mutation, object, intent.routesNamespace);
              const objects = all.flatMap((other) => (keyOf(other) === keyOf(object) ? (replaced ?? []) : other));
              const after = explain(buildMesh(objects.map((manifest) => ({ manifest }))), call);
              // An address that nothing in the input has is outside, where a name of the cluster is somebody else's.
              const unknown = mutation.unknown === true && !hasAddress(intent, flow);
              assertNoticed({ ...mutation, unknown }, objects, object, explain(mesh, call), after);
            }
          }
        }),
        RUNS,
      );
      assert.ok(tried > 0, "the generator made no such link");
    });
  }
});
