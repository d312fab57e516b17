import type { CallProtocol } from "../explain/types";
import { gatewayService } from "../intent/defaults";
import type { ConfigChange } from "./configChange";

/** A call that shall be allowed. */
export interface WantedCall {
  namespace: string;
  /** The application's name in the configuration, or the one that it shall get. */
  application: string;
  /** Labels of its pods, where they are known: they find an application of another name. */
  labels?: Readonly<Record<string, string>>;
  /** Service account of its pods, where it is known; the same. */
  serviceAccount?: string;
  /** DNS name, or an IP address where none is known. */
  host: string;
  port: number;
  protocol: CallProtocol;
  /** The address dialled: TCP hosts are told apart by it. */
  address?: string;
  /** HTTP; absent: any that the terms name will do. */
  method?: string;
  /** HTTP; the same. What follows a `?` is not looked at. */
  path?: string;
}

/** A part of the answer. */
export interface Step {
  changes: ConfigChange[];
  says: string[];
}

/** What is wanted cannot be had by configuration. */
export class NoWay extends Error {}

/** How a gateway is called in messages. */
export function gatewayWords(name: string): string {
  return `gateway ${name} (${gatewayService(name)})`;
}
