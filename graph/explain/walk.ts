import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { Ages } from "./ages";
import type { Choices } from "./choices";
import type { GatewayProxy } from "./gatewayProxy";
import type { Call, Hop, How, Outcome, Stage, VerdictKind } from "./types";

/** Ends a walk where no stage can return: something is not modelled, or an object would be refused. */
export class Ended extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome.reason);
  }
}

interface End {
  how?: How;
  destination?: string;
  address?: string;
  tls?: Outcome["tls"];
  seen?: string;
  missing?: string;
  limits?: string[];
}

/** One way that a call can take: the path so far, and the way's choices. */
export class Walk {
  readonly path: Hop[] = [];
  /** Gateways passed, "namespace/service". */
  readonly gateways: string[] = [];
  /** The gateway that the walk is in; a loopback connection comes back to it. */
  gateway?: GatewayProxy;
  readonly ages: Ages;
  /** The proxy the walk is in, for hops. */
  at = "sidecar";
  /** A proxy on the way decodes HTTP with the application: it answers what fails later. */
  decoded = false;
  /** A gateway on the way takes only certain server names of the application's own TLS. */
  innerSniRead = false;
  /** This way follows a copy of the request. */
  mirror = false;

  constructor(
    readonly mesh: Mesh,
    readonly call: Call,
    readonly choices: Choices,
  ) {
    this.ages = new Ages(choices);
  }

  hop(stage: Stage, message: string, object?: MeshObject, field?: string): void {
    this.path.push({ stage, at: this.at, message, object: object?.id, field, source: object?.source });
  }

  end(verdict: VerdictKind, reason: string, end: End = {}): Outcome {
    const where = this.path.at(-1)?.stage;
    return {
      verdict,
      how: end.how,
      gateway: verdict === "gateway" ? this.gateways.at(-1) : undefined,
      gateways: [...this.gateways],
      destination: end.destination,
      address: end.address,
      tls: end.tls,
      where: verdict === "blocked" || verdict === "unknown" ? where : undefined,
      reason,
      seen: end.seen ?? (verdict === "unknown" ? "not known" : "the destination's answer"),
      missing: end.missing,
      limits: end.limits,
      path: this.path,
      mirror: this.mirror || undefined,
    };
  }

  /** Refused: what the application sees depends on where, so the stage says it. */
  blocked(seen: string, missing: string): Outcome {
    return this.end("blocked", missing, { how: "refused", seen, missing });
  }

  unmodelled(stage: Stage, feature: string, object?: MeshObject, field?: string): Ended {
    this.hop(stage, `not modelled: ${feature}`, object, field);
    return new Ended(this.end("unknown", feature, { how: "feature", missing: `${feature} is not modelled` }));
  }

  refused(stage: Stage, object: MeshObject, why: string): Ended {
    this.hop(stage, `would be refused: ${why}`, object);
    const reason = `${object.id} would be refused: ${why}`;
    return new Ended(this.end("unknown", reason, { how: "invalid", missing: reason }));
  }

  /** What the application sees when a proxy cannot connect onwards. */
  get failed(): string {
    return this.decoded ? "HTTP 503" : this.closed;
  }

  /** How the application sees a connection that closes. */
  get closed(): string {
    if (this.call.protocol === "tls") return "connection closed during the TLS handshake (curl 35)";
    return this.call.protocol === "http" ? "connection closed (curl 52 or 56)" : "connection closed";
  }
}
