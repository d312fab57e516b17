import { createSecureContext, type SecureContext } from "node:tls";
import { type Certificate, createAuthority, issue } from "./certificates";
import { SPECIAL_HOSTS } from "./internetHosts";

/**
 * What a TLS server of the lab's internet shows to a client that names `name`; each is made once, when first asked for.
 * `clients`: the authority of the clients that it lets in, which Node takes from here and not from the server's options.
 */
export function serverCertificates(
  authority: Certificate,
  clients?: string,
): (name: string, done: (error: Error | null, context?: SecureContext) => void) => void {
  const known = new Map<string, Promise<SecureContext>>();
  return (name, done) => {
    const context = known.get(name) ?? contextFor(authority, name, clients);
    known.set(name, context);
    context.then(
      (made) => done(null, made),
      (error: Error) => done(error),
    );
  };
}

async function contextFor(authority: Certificate, name: string, clients?: string): Promise<SecureContext> {
  const issuer = name === SPECIAL_HOSTS.wrongAuthority ? await createAuthority("Nobody trusts this one") : authority;
  const shown = name === SPECIAL_HOSTS.wrongName ? `not-${name}` : name;
  const { certificate, key } = await issue(issuer, { commonName: shown, hosts: [shown] });
  return createSecureContext({ cert: certificate, key, ca: clients });
}
