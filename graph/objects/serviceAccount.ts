import type { ApplicationIntent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { meta } from "./meta";

/** The identity of an application, for those that ask for one. */
export function serviceAccount(application: ApplicationIntent): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: meta(application.namespace, application.serviceAccount, { application: application.name }),
  };
}
