import { connect } from "node:net";
import { join } from "node:path";
import { INTERNET_DNS, INTERNET_NAMESPACE } from "./addresses";
import { ensureDaemon, type Program, stopProgram } from "./daemon";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { INTERNET_BLOCK, INTERNET_HOSTS, type InternetHost, internetAddress, SPECIAL_HOSTS } from "./internetHosts";
import { INTERNET_PORTS } from "./internetPorts";
import { programsFolder } from "./programs";
import { resolves } from "./resolves";
import type { Step, StepContext } from "./step";

/** Seconds. Short, so that a changed address is seen at once: Envoy keeps to it. */
const TTL = 5;

/** The servers behind the names, see `internetServer.ts`. */
export const internetStep: Step = {
  name: "internet",
  title: "the internet's servers",
  needs: ["network", "internet-ca", "internet-clients"],
  async up({ folders }: StepContext): Promise<void> {
    await ensureDaemon(folders, servers(folders), serversAnswer);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "internet", 0);
  },
  check: async () => ((await serversAnswer()) ? undefined : "its servers do not answer"),
};

/** The names' own DNS server, to which cluster DNS forwards. */
export const internetDnsStep: Step = {
  name: "internet-dns",
  title: "the internet's DNS",
  needs: ["network", "build-cluster"],
  async up({ folders }: StepContext): Promise<void> {
    const corefile = join(folders.state, "internet", "Corefile");
    writeIfNew(corefile, corefileText());
    await ensureDaemon(folders, dns(folders, corefile), dnsAnswers);
  },
  async down({ folders }: StepContext): Promise<void> {
    await stopProgram(folders, "internet-dns", 0);
  },
  check: async () => ((await dnsAnswers()) ? undefined : "it does not answer"),
};

function servers(folders: Folders): Program {
  const program = join(folders.project, "lab", "internetServer.ts");
  return {
    name: "internet",
    command: "ip",
    args: ["netns", "exec", INTERNET_NAMESPACE, process.execPath, "-r", "ts-node/register/transpile-only", program],
    cwd: folders.project,
    configuration: JSON.stringify([INTERNET_HOSTS, INTERNET_PORTS]),
  };
}

function dns(folders: Folders, corefile: string): Program {
  const coredns = join(programsFolder(folders, "cluster"), "coredns");
  return {
    name: "internet-dns",
    command: "ip",
    args: ["netns", "exec", INTERNET_NAMESPACE, coredns, "-conf", corefile],
    configuration: corefileText(),
  };
}

/** Queries are logged: a name that leaves the cluster by DNS is seen here. */
function corefileText(): string {
  const exact = INTERNET_HOSTS.filter(({ name }) => !name.startsWith("*."));
  const wildcards = INTERNET_HOSTS.filter(({ name }) => name.startsWith("*."));
  return [
    ...wildcards.map((host) => (host.name === SPECIAL_HOSTS.attacker ? delegatedZone(host) : wildcardZone(host))),
    ". {",
    `  bind ${INTERNET_DNS}`,
    "  log",
    "  errors",
    "  hosts {",
    ...exact.map(({ name, address }) => `    ${address} ${name}`),
    ...INTERNET_BLOCK.addresses.map((address) => `    ${address} ${INTERNET_BLOCK.name}`),
    `    ttl ${TTL}`,
    "  }",
    "}",
    "",
  ].join("\n");
}

function wildcardZone({ name, address }: InternetHost): string {
  const record = `    answer "{{ .Name }} ${TTL} IN A ${address}"`;
  return [
    `${name.slice(2)} {`,
    `  bind ${INTERNET_DNS}`,
    "  log",
    "  template IN A {",
    record,
    "  }",
    "  template IN AAAA {",
    "    rcode NOERROR",
    "  }",
    "}",
  ].join("\n");
}

/** Its owner's own server answers, and sees who asks for what. */
function delegatedZone({ name }: InternetHost): string {
  const owner = internetAddress(SPECIAL_HOSTS.resolver);
  return [`${name.slice(2)} {`, `  bind ${INTERNET_DNS}`, "  log", "  errors", `  forward . ${owner}`, "}"].join("\n");
}

async function serversAnswer(): Promise<boolean> {
  const address = INTERNET_HOSTS[0]?.address ?? "";
  const ports = [...INTERNET_PORTS.http, ...INTERNET_PORTS.https, ...INTERNET_PORTS.h2c];
  return (await Promise.all(ports.map((port) => accepts(address, port)))).every(Boolean);
}

function dnsAnswers(): Promise<boolean> {
  return resolves(INTERNET_DNS, INTERNET_HOSTS[0]?.name ?? "");
}

function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 500 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  });
}
