/** A workload that may reach destinations. */
export interface Application {
  /** Kubernetes namespace, e.g. `test-app`. */
  namespace: string;
  /** Name, unique in its namespace, e.g. `app-a`. */
  name: string;
  /** Labels that its pods carry (Istio API, `WorkloadSelector.labels`). Defaults to `app: NAME`. */
  selector?: Record<string, string>;
  /**
   * Kubernetes service account of its pods, the identity that the egress gateways admit; never `default`, never one
   * that another application uses. Defaults to the application's name.
   */
  serviceAccount?: string;
  /** Create the service account. Defaults to false: it comes with the workload. */
  createServiceAccount?: boolean;
  /** Names of the destinations it may reach; at least one. */
  allow: string[];
  /** What else is said about single allowances, by destination name; each must stand in `allow`. Defaults to nothing. */
  terms?: Record<string, AllowanceTerms>;
}

/** Limits of an allowance, and why it exists. */
export interface AllowanceTerms {
  /** HTTP methods that may be used, e.g. `["GET", "HEAD"]`; for destinations whose ports are all HTTP. Defaults to any. */
  methods?: string[];
  /**
   * Paths that may be asked for: `/status` exactly that, `/api/*` everything below; for destinations whose ports are
   * all HTTP. Defaults to any.
   */
  paths?: string[];
  /** Who answers for it, e.g. `team-payments`. */
  owner?: string;
  /** Why it is needed. */
  reason?: string;
  /** Where it was decided, e.g. `SEC-123`. */
  ticket?: string;
  /** Last day on which it holds, `YYYY-MM-DD`, in UTC. An expired allowance is refused. Defaults to none. */
  expires?: string;
}
