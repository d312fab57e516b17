/** A resource of a Pulumi program as plain data: every value that is not known yet is `UNKNOWN`. */
export interface PlainResource {
  /** Type token, e.g. `kubernetes:networking.istio.io/v1:ServiceEntry`. */
  type: string;
  urn: string;
  /** Logical name. */
  name: string;
  /** Props; `UNKNOWN` where not even their keys are known. */
  props: Record<string, unknown>;
  /** The default namespace that the resource's provider is configured with. */
  providerNamespace?: string;
}
