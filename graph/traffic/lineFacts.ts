import type { AccessLine } from "./accessLine";
import { text } from "./fields";

/** Facts of a line that the judgement at a sidecar and at a gateway share (Envoy docs, "Response flags"). */

/** The connection to what comes next failed, was reset, or took too long. */
const FAILURES = new Set(["UF", "UH", "UO", "UT", "UC", "URX", "UR", "UPE", "DF", "LH", "LR", "OM", "NFCF"]);

export function flagsOf({ response_flags }: AccessLine): string[] {
  return text(response_flags)?.split(",") ?? [];
}

export function failed(flags: readonly string[]): boolean {
  return flags.some((flag) => FAILURES.has(flag));
}

/** A request; else a connection of which the proxy sees bytes alone. */
export function isRequest({ method, response_code, protocol }: AccessLine): boolean {
  return text(method) !== undefined || text(protocol) !== undefined || Number(response_code ?? 0) > 0;
}

/** By an AuthorizationPolicy: of a request in the code's details, of a connection in those of its end. */
export function refusedByPolicy({ response_code_details, connection_termination_details }: AccessLine): boolean {
  return [response_code_details, connection_termination_details].some((details) =>
    text(details)?.startsWith("rbac_access_denied"),
  );
}

/** Not a byte either way. */
export function isSilent({ bytes_received, bytes_sent }: AccessLine): boolean {
  return bytes_received !== undefined && Number(bytes_received) === 0 && Number(bytes_sent) === 0;
}

export function timeOf({ time, start_time }: AccessLine): string {
  return text(time) ?? text(start_time) ?? "";
}

/** The host of a Host header, without port and final dot. */
export function hostOf(authority: unknown): string | undefined {
  return text(authority)?.replace(/:\d+$/, "").replace(/\.$/, "").toLowerCase();
}
