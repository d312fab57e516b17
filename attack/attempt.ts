import type { InternetEvent } from "../lab";
import type { Ground } from "./ground";

/** Where an attempt is made from; `node` is the machine itself, which no NetworkPolicy holds. */
export type Attacker = "application" | "otherApplication" | "stranger" | "elsewhere" | "bare" | "node";

/** What stopped an attempt: the layer that a defender would look at. */
export type Layer =
  | "sidecar"
  | "gateway"
  | "network policy"
  | "admission policy"
  | "kubernetes"
  /** It arrived, but only at the host that was allowed anyway. */
  | "fixed destination";

/** A command as a hostile user would type it, in a root shell of the attacker's container. */
export interface Command {
  from: Attacker;
  script: string;
}

/** A pod as a hostile user would make it; once it runs, the script is run in its container `app`. */
export interface HostilePod {
  /** Overlaid on a plain pod of the application. */
  pod: PodPatch;
  /** Namespace, when not the applications'. */
  namespace?: string;
  script: string;
}

export interface PodPatch {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: Record<string, unknown>;
  /** Laid over the container `app`. */
  container?: Record<string, unknown>;
  /** A debug container put into the running application's pod, in place of a new pod. */
  ephemeral?: Record<string, unknown>;
}

export type Move = Command | HostilePod;

/** One attempt, and its twin that must work, so that a dead lab cannot pass for a safe one. */
export interface Attempt {
  title: string;
  move: Move;
  twin: Move;
  /** Whether what the internet saw means that the attempt got through. Default: `reachedForbidden`. */
  through?: Through;
  /** Whether what the internet saw means that the twin worked. Default: `reachedAllowed`. */
  worked?: Through;
  /** What is expected to stop it in a controlled layout. */
  stoppedBy: Layer;
  /** What the layer's own log, or the answer, says then. */
  sign?: RegExp;
  /** What the caller sees then, where a handshake that fails leaves no line of log. */
  shows?: RegExp;
  /** A limit that the README states: it gets through, and what to add. */
  stated?: string;
}

/** What a move led to. */
export interface Seen {
  /** What the command printed, with its exit code in the last line. */
  output: string;
  /** What reached the internet meanwhile. */
  events: readonly InternetEvent[];
  /** Addresses of the gateways' pods. */
  gateways: readonly string[];
  ground: Ground;
}

export type Through = (seen: Seen) => boolean;

/** Anything from an attacker's own address, or a request to a host that is not the application's. */
export const reachedForbidden: Through = ({ events, gateways, ground }) =>
  events.some(({ event, peer, host }) =>
    gateways.includes(peer) ? event === "request" && !ownHosts(ground).includes(host) : true,
  );

/** A request to the allowed host. */
export const reachedAllowed: Through = ({ events, ground }) =>
  events.some(({ event, host }) => event === "request" && ownHosts(ground).includes(host));

/** The command's own output says that it got what it wanted. */
export function printed(pattern: RegExp): Through {
  return ({ output }) => pattern.test(output);
}

function ownHosts({ allowed, limited, checked }: Ground): (string | undefined)[] {
  return [allowed, limited?.host, checked];
}
