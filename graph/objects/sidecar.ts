import { DENY_SIDECAR } from "../intent/checks/applications";
import type { ApplicationIntent, DestinationIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { auditAnnotations } from "./audit";
import { meta } from "./meta";

/*
 * Istio API, `Sidecar`: the oldest Sidecar whose workloadSelector fits the pod applies, alone; without one, the
 * namespace's. Nothing is inherited between them, so each states REGISTRY_ONLY itself.
 */

/** Denies by default: every pod of the namespace that is no application sees the namespace's own Services only. */
export function namespaceSidecar(intent: Intent, namespace: string): Manifest {
  return sidecar(meta(namespace, DENY_SIDECAR), { egress: [{ hosts: inMesh(intent, namespace) }] });
}

/** Admits exactly the hosts of the application's destinations, by namespace and host. */
export function applicationSidecar(
  intent: Intent,
  application: ApplicationIntent,
  destinations: ReadonlyMap<string, DestinationIntent>,
): Manifest {
  const hosts = application.allow
    .flatMap((name) => destinations.get(name)?.hosts ?? [])
    .map(({ name }) => `${intent.routesNamespace}/${name}`);
  const metadata = meta(application.namespace, application.name, { application: application.name });
  const annotations = auditAnnotations(application);
  return sidecar(Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata, {
    workloadSelector: { labels: application.selector },
    egress: [{ hosts: [...inMesh(intent, application.namespace), ...hosts] }],
  });
}

function sidecar(metadata: Manifest["metadata"], spec: Record<string, unknown>): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata,
    spec: { ...spec, outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
  };
}

/**
 * The namespace's Kubernetes Services, by their names: `./*` would also import a ServiceEntry for an external host
 * that someone puts beside the application, and calls to it would leave directly.
 */
function inMesh(intent: Intent, namespace: string): string[] {
  return [`./*.${namespace}.svc.${intent.istio.clusterDomain}`, ...intent.meshHosts];
}
