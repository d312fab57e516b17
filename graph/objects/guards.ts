import type { Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { admissionGuards } from "./admission";
import { denyAllPolicy } from "./gatewayNetworkPolicy";
import { namespacePolicy } from "./networkPolicy";

/** Keys of the guards that must stand before anything runs in a namespace, and go after it. */
export interface GuardKeys {
  ofApplications: string[];
  ofGateways: string[];
}

/** What denies in whole namespaces; it needs nothing of Istio, so it comes first and goes last. */
export function addGuards(intent: Intent, add: (manifest: Manifest) => string): GuardKeys {
  const admission = admissionGuards(intent);
  const network = intent.guards.networkPolicy;
  const policies = admission.applications.map(add);
  for (const manifest of admission.routes) add(manifest);
  if (network) add(denyAllPolicy(intent.routesNamespace));
  return {
    ofApplications: [
      ...policies,
      ...(network ? intent.applicationNamespaces.map((name) => add(namespacePolicy(intent, name))) : []),
    ],
    ofGateways: network ? [add(denyAllPolicy(intent.gatewayNamespace))] : [],
  };
}

/** Keys of the guards of one application namespace, which its workloads wait for. */
export function guardsOfNamespace(intent: Intent, namespace: string, key: (manifest: Manifest) => string): string[] {
  return [
    ...admissionGuards(intent).applications,
    ...(intent.guards.networkPolicy ? [namespacePolicy(intent, namespace)] : []),
  ].map(key);
}
