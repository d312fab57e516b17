import type { Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { LABELS } from "./meta";

/** A namespace whose pods are injected (Istio docs, "Installing the Sidecar"), or one where no pod runs. */
export function namespace(intent: Intent, name: string, injected: boolean): Manifest {
  const labels: Record<string, string> = { [LABELS.managedBy]: "controlled-egress" };
  if (injected && intent.istio.revision === undefined) labels["istio-injection"] = "enabled";
  if (injected && intent.istio.revision !== undefined) labels["istio.io/rev"] = intent.istio.revision;
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** Every namespace of the intent that is made here, with Istio's own first. */
export function namespaces(intent: Intent): Manifest[] {
  const wanted: [string, boolean][] = [
    ...(intent.istio.install ? [[intent.istio.namespace, false] as [string, boolean]] : []),
    [intent.gatewayNamespace, true],
    [intent.routesNamespace, false],
    ...intent.applicationNamespaces.map((name): [string, boolean] => [name, true]),
  ];
  return wanted
    .filter(([name]) => !intent.existingNamespaces.includes(name))
    .map(([name, injected]) => namespace(intent, name, injected));
}
