import type { EgressConfig } from "../graph";

/** Applications in a namespace: enough that namespaces count, few enough that none is huge. */
const PER_NAMESPACE = 100;

/** A configuration of as many applications as destinations, each with one destination of its own and a gateway for ten. */
export function benchConfig(destinations: number): EgressConfig {
  const names = Array.from({ length: destinations }, (_, i) => `service-${i}`);
  return {
    destinations: Object.fromEntries(
      names.map((name, i) => [name, { hosts: [`${name}.example.com`], gateway: `shared-${Math.floor(i / 10)}` }]),
    ),
    applications: names.map((name, i) => ({
      namespace: `team-${Math.floor(i / PER_NAMESPACE)}`,
      name: `app-${i}`,
      createServiceAccount: true,
      allow: [name],
    })),
  };
}
