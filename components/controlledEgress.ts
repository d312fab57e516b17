import * as pulumi from "@pulumi/pulumi";
import { dayOf, flows, formatProblem, type Intent, type Problem, plan, validate } from "../graph";
import { DENY_SIDECAR } from "../graph/intent/checks/applications";
import type { ControlledEgressArgs } from "./args";
import { claimNamespaces } from "./claims";
import { clusterOf } from "./cluster";
import { configError } from "./errors";
import {
  type AllowedFlow,
  type EgressGateway,
  gatewayOutputs,
  type InstalledRelease,
  namespaceOutputs,
  releaseOutputs,
} from "./outputs";
import { type Resources, register } from "./resources";

/**
 * Controlled egress for an Istio mesh: named applications reach named external destinations, only through egress
 * gateways; everything else is denied. Installs Istio (unless told that it is there), makes the namespaces, and builds
 * the gateways and all Istio objects between an application and its destinations, in a layout that fails closed.
 *
 * Throws `pulumi.InputPropertiesError` with every problem of the args, expired allowances included, before any resource
 * is registered; warns of allowances that expire within 14 days.
 * The provider comes from `opts`; the component makes none of its own.
 */
export class ControlledEgress extends pulumi.ComponentResource {
  /** Names of the namespaces: the applications', the gateways' and the routes'. */
  public readonly namespaces: pulumi.Output<string[]>;
  /** The egress gateways with the addresses of their Services. */
  public readonly gateways: pulumi.Output<EgressGateway[]>;
  /** The Helm releases: Istio's, if installed here, and one for each gateway. */
  public readonly releases: pulumi.Output<InstalledRelease[]>;
  /** Everything that is allowed, flow by flow. */
  public readonly allowedFlows: pulumi.Output<AllowedFlow[]>;

  constructor(name: string, args: ControlledEgressArgs, opts?: pulumi.ComponentResourceOptions) {
    const { intent, warnings } = validated(name, args, opts);
    super("controlled-egress:index:ControlledEgress", name, args, opts);
    for (const warning of warnings) pulumi.log.warn(formatProblem(warning), this);
    const objects = plan(intent);
    const resources = register(name, objects, this);
    resourcesOf.set(this, resources);
    this.namespaces = pulumi.output(namespaceOutputs(intent));
    this.gateways = pulumi.output(gatewayOutputs(intent));
    this.releases = releaseOutputs(objects, resources);
    this.allowedFlows = pulumi.output(flows(intent));
    this.registerOutputs({
      namespaces: this.namespaces,
      gateways: this.gateways,
      releases: this.releases,
      allowedFlows: this.allowedFlows,
    });
  }

  /**
   * What a workload in an application namespace should depend on: the namespace, Istio's injector and the Sidecar that
   * denies by default. It need not wait for gateways: until its routes are there, its calls are blocked.
   */
  public guardsOf(namespace: string): pulumi.Resource[] {
    const resources = resourcesOf.get(this);
    return [`Namespace ${namespace}`, `Sidecar ${namespace}/${DENY_SIDECAR}`].flatMap(
      (key) => resources?.get(key) ?? [],
    );
  }
}

/** The intent of the args on this day; throws all of their problems at once. */
function validated(
  name: string,
  args: ControlledEgressArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): { intent: Intent; warnings: Problem[] } {
  const result = validate(args, { today: dayOf(new Date()) });
  const problems = result.ok ? claimNamespaces(name, clusterOf(opts), result.intent) : result.problems;
  if (!result.ok || problems.length > 0) throw configError(problems);
  return result;
}

/** What a program keeps of each component beside its outputs: fields would become outputs in other languages. */
const resourcesOf = new WeakMap<ControlledEgress, Resources>();
