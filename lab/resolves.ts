import { Resolver } from "node:dns/promises";

/** Whether a DNS server has an address for a name; false too when it gives no answer within 2 s. */
export async function resolves(server: string, name: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([server]);
  return resolver.resolve4(name).then(
    (found) => found.length > 0,
    () => false,
  );
}
