/** The egress graph, pure: intent → Istio objects, and Istio objects → who can reach what. */
export { dayOf } from "./day";
export * from "./intent/config";
export { applicationKey, withDefaults } from "./intent/defaults";
export { type Flow, flows, spiffe } from "./intent/flows";
export type * from "./intent/intent";
export { formatProblem, type Problem } from "./intent/problem";
export { type Validated, validate } from "./intent/validate";
export type { Manifest, ObjectMeta } from "./manifest";
export { gatewayAddress } from "./objects/gatewayAddress";
export { keyOf, manifests, type Planned, plan } from "./objects/plan";
export type { Release } from "./objects/release";
export { MESH_HEADERS, removedHeaders, TRACING_HEADERS } from "./objects/removedHeaders";
