import type { Mesh } from "../mesh/mesh";
import { known } from "../mesh/unknown";
import { LABELS } from "../objects/meta";

/** The service account that was made for an application: labelled as its, or of its name. */
export function madeAccount(mesh: Mesh, namespace: string, application: string): string | undefined {
  const own = mesh
    .objects("ServiceAccount")
    .find((object) => object.namespace === namespace && known(() => object.label(LABELS.application)) === application);
  return (own ?? mesh.object("ServiceAccount", namespace, application))?.name;
}
