import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { FIXED, gatewayService } from "./base";
import { destinationRule } from "./destinationRule";
import { gateway } from "./gateway";
import { kubeGateway, kubeRoute } from "./gatewayApi";
import { changed } from "./mutate";
import { authorizationPolicy } from "./policy";
import { rarely } from "./pools";
import { RECIPES } from "./recipes";
import { serviceEntry } from "./serviceEntry";
import { sidecar } from "./sidecar";
import { virtualService } from "./virtualService";

/** A random mesh: its parts stay apart, so that shrinking finds the few that matter. */
export interface RandomMesh {
  recipe: string;
  /** Indexes of recipe objects that are taken out. */
  lost: number[];
  /** Leaves of the recipe that get another value of their kind. */
  changes: { leaf: number; value: number }[];
  extra: Manifest[];
  service: number;
  meshConfig: Record<string, unknown>;
}

const anyObject = fc.oneof(
  { weight: 5, arbitrary: serviceEntry },
  { weight: 5, arbitrary: virtualService },
  { weight: 3, arbitrary: destinationRule },
  { weight: 3, arbitrary: sidecar },
  { weight: 3, arbitrary: gateway },
  { weight: 2, arbitrary: authorizationPolicy },
);
const withGatewayApi = fc
  .tuple(kubeGateway, fc.array(kubeRoute, { minLength: 1, maxLength: 2 }))
  .map(([k, routes]) => [k, ...routes]);

const meshConfig = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Record<string, unknown>>({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, unknown>>(
      { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
      { defaultServiceExportTo: ["."] },
      { defaultVirtualServiceExportTo: ["."] },
      { defaultDestinationRuleExportTo: ["."] },
      { rootNamespace: "other" },
      { enableAutoMtls: false },
      { outboundTrafficPolicy: { mode: "ALLOW_ANY_DYNAMIC_DNS" } },
      { serviceEntryVisibility: { defaultVisibility: "NAMESPACE", applyToSidecars: true } },
    ),
  },
);

/** Kinds to draw from; `gatewayApi: false` leaves Gateway API out. */
export function randomMesh({ gatewayApi = true } = {}): fc.Arbitrary<RandomMesh> {
  return fc
    .record({
      recipe: fc.constantFrom(...Object.keys(RECIPES)),
      lost: fc.oneof(
        { weight: 3, arbitrary: fc.constant<number[]>([]) },
        { weight: 1, arbitrary: fc.uniqueArray(fc.nat(5), { maxLength: 2 }) },
      ),
      changes: fc.oneof(
        { weight: 1, arbitrary: fc.constant<RandomMesh["changes"]>([]) },
        { weight: 2, arbitrary: fc.array(fc.record({ leaf: fc.nat(200), value: fc.nat(20) }), { maxLength: 2 }) },
      ),
      extra: fc.array(anyObject, { maxLength: 9, size: "max" }),
      kube: gatewayApi ? rarely(withGatewayApi, 4) : fc.constant(undefined),
      service: fc.integer({ min: 0, max: 3 }),
      meshConfig,
    })
    .map(({ kube, extra, ...rest }) => ({ ...rest, extra: [...extra, ...(kube ?? [])] }));
}

/** All manifests of a random mesh; an object of the same kind and name replaces the earlier one, as applying does. */
export function manifestsOf(mesh: RandomMesh): Manifest[] {
  const recipe = (RECIPES[mesh.recipe] ?? []).filter((_, i) => !mesh.lost.includes(i));
  const found = new Map<string, Manifest>();
  const fixed = [...FIXED, gatewayService("egress", "gw", mesh.service), gatewayService("other", "gw2", 0)];
  for (const object of [...fixed, ...changed(recipe, mesh.changes), ...mesh.extra]) {
    found.set(`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`, object);
  }
  return [...found.values()];
}

/** The manifests that a random mesh adds to the fixed ones, for printing. */
export function tellingManifests(mesh: RandomMesh): Manifest[] {
  const fixed = new Set(FIXED.map((object) => JSON.stringify(object)));
  return manifestsOf(mesh).filter((object) => !fixed.has(JSON.stringify(object)));
}
