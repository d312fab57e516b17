/** One end of a connection: pods, or an address outside the cluster. */
export type PeerEnd = PodEnd | OutsideEnd;

export interface PodEnd {
  kind: "pods";
  namespace: string;
  labels: Record<string, unknown>;
  /** For messages: "Deployment shop/cart". */
  who: string;
  /** IP, if the pod runs already. */
  address?: string;
  /** Number of a named container port. */
  named?: (name: string) => number | undefined;
}

export interface OutsideEnd {
  kind: "outside";
  /** Undefined: some address of the internet that no object names. */
  address?: string;
}
