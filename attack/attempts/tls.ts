import { internetAddress } from "../../lab";
import { type Attempt, type Layer, reachedForbidden } from "../attempt";
import { FORBIDDEN, type Ground } from "../ground";
import { curl, tls } from "./shell";

/** TLS to the allowed host that means another one. */
export function tlsAttempts({ allowed, other }: Ground): Attempt[] {
  const attempt = (title: string, script: string, stoppedBy: Layer): Attempt => ({
    title,
    move: { from: "application", script },
    twin: { from: "application", script: curl(`https://${allowed}/`) },
    through: reachedForbidden,
    stoppedBy,
  });
  const to = (address: string, sni: string | undefined, host = FORBIDDEN) => tls({ address, port: 443, sni, host });
  return [
    attempt("SNI of a forbidden host at the allowed address", to(internetAddress(allowed), FORBIDDEN), "sidecar"),
    attempt(
      "SNI of the other application's host at the allowed address",
      to(internetAddress(allowed), other, other),
      "sidecar",
    ),
    attempt("no SNI at the allowed address", to(internetAddress(allowed), undefined), "sidecar"),
    attempt("allowed SNI at a forbidden address", to(internetAddress(FORBIDDEN), allowed), "fixed destination"),
    attempt(
      "allowed SNI in capitals at a forbidden address",
      to(internetAddress(FORBIDDEN), allowed.toUpperCase()),
      "fixed destination",
    ),
    attempt("SNI below the allowed host", to(internetAddress(allowed), `x.${allowed}`), "sidecar"),
    attempt("plain HTTP on port 443", curl(`http://${allowed}:443/`, "-H", `Host: ${FORBIDDEN}`), "sidecar"),
    attempt("allowed SNI, forbidden Host inside", to(internetAddress(allowed), allowed), "fixed destination"),
  ];
}
