import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  INTERNET_BLOCK,
  type InternetCall,
  type InternetEvent,
  internetAddress,
  internetLog,
  kubectl,
  labPaths,
} from "../../lab";
import { lab } from "../support/lab";
import { apply } from "./support/cluster";

/** What the proofs of the guards rely on: each way out is there, and shows in the log who took it. */
describe("lab: what its internet speaks", function () {
  this.timeout(120_000);
  let address: string;

  before(async () => {
    await lab("up");
    await apply(PROBER);
    address = await kubectl([
      "get",
      "pods",
      "--namespace=prober",
      "--selector=app=prober",
      "--output=jsonpath={.items[0].status.podIP}",
    ]);
  });
  after(() => kubectl(["delete", "namespace", "prober"]));

  it("HTTP, with everything as it was sent: path, names, order, repeated headers", async () => {
    const seen = await python(
      talk(
        "github.com",
        80,
        "GET //a/%2e%2e/B HTTP/1.1\r\nHost: github.com\r\nhost: evil.example\r\nX-a: 1\r\nX-A: 2\r\n",
      ),
    );
    const { path, rawHeaders, peer, port } = echoed(seen);
    assert.deepEqual({ path, peer, port }, { path: "//a/%2e%2e/B", peer: address, port: 80 });
    assert.deepEqual(rawHeaders.slice(0, 4), [
      ["Host", "github.com"],
      ["host", "evil.example"],
      ["X-a", "1"],
      ["X-A", "2"],
    ]);
  });

  it("HTTP for proxies: a whole URL is echoed, CONNECT is refused and logged", async () => {
    const seen = await python(talk("github.com", 80, "GET http://evil.example/x HTTP/1.1\r\nHost: github.com\r\n"));
    assert.equal(echoed(seen).path, "http://evil.example/x");
    const events = await eventsOf(() => python(talk("github.com", 80, "CONNECT evil.example:80 HTTP/1.1\r\n")));
    assert.deepEqual(
      events.filter(({ event }) => event === "request").map(({ method, path, host }) => ({ method, path, host })),
      [{ method: "CONNECT", path: "evil.example:80", host: "github.com" }],
    );
  });

  it("HTTP that cannot be read is logged as it came", async () => {
    const events = await eventsOf(() => python(talk("github.com", 80, "gEt / HTTP/1.1\r\n")));
    const [malformed] = events.filter(({ event }) => event === "malformed");
    assert.match(malformed?.text ?? "", /^gEt \/ HTTP/);
  });

  it("redirects to wherever it is told", async () => {
    const seen = await sh("curl -sSL 'http://github.com/redirect?to=http://evil.example/x'");
    assert.deepEqual([echo(seen).host, echo(seen).path], ["evil.example", "/x"]);
  });

  it("HTTP/2 with TLS, and HTTP on two more ports", async () => {
    assert.equal(echo(await sh("curl -sS --http2 https://github.com/")).httpVersion, "2.0");
    assert.equal(echo(await sh("curl -sS --http1.1 https://github.com:8443/")).port, 8443);
    assert.equal(echo(await sh("curl -sS http://github.com:8080/")).port, 8080);
  });

  it("gRPC: HTTP/2 without TLS, with a message and a trailer", async () => {
    const url = "http://grpc.example:50051/lab.Echo/Say";
    const seen = await sh(`curl -sSv --http2-prior-knowledge -H 'content-type: application/grpc' -d ask ${url} 2>&1`);
    assert.match(seen, /grpc-status: 0/);
    const { host, path, protocol, body } = JSON.parse(seen.replace(/^.*?(\{"host".*\}).*$/s, "$1")) as InternetCall;
    assert.deepEqual(
      { host, path, protocol, body },
      { host: "grpc.example", path: "/lab.Echo/Say", protocol: "h2c", body: "ask" },
    );
  });

  it("mutual TLS: the client's name is seen, without a certificate or with a stranger's no request arrives", async () => {
    const { certificate, key, strangerCertificate, strangerKey } = labPaths().internetClients;
    const files = { crt: certificate, key, scrt: strangerCertificate, skey: strangerKey };
    for (const [name, file] of Object.entries(files))
      await kubectl([...IN_PROBER, "sh", "-c", `cat > ${name}`], readFileSync(file, "utf8"));
    const seen = await sh("curl -sS --cert ./crt --key ./key https://mutual.example/");
    assert.match(echo(seen).clientCertificate, /^CN=lab-client/);
    const events = await eventsOf(() =>
      sh("curl -s https://mutual.example/; curl -s --cert ./scrt --key ./skey https://mutual.example/; true"),
    );
    assert.equal(events.filter(({ event }) => event === "connection").length, 2);
    assert.deepEqual(
      events.filter(({ event }) => event === "request"),
      [],
    );
  });

  it("certificates that no caller may take: of a wrong authority, for a wrong name", async () => {
    const seen = await sh("for host in wrong-ca wrong-name; do curl -sS https://$host.example/ 2>&1; done; true");
    assert.match(seen, /unable to get local issuer certificate/);
    assert.match(seen, /no alternative certificate subject name matches target host name 'wrong-name.example'/);
    assert.equal(echo(await sh("curl -sSk https://wrong-ca.example/")).host, "wrong-ca.example");
  });

  it("TCP: servers that speak first and say who they are, and one that waits", async () => {
    const [db1, db2, ssh, echo] = await Promise.all([
      python(talk("db1.example", 5432, "ping", "")),
      python(talk("db2.example", 5432, "ping", "")),
      python(talk("github.com", 22, "", "")),
      python(talk("github.com", 6379, "ping", "")),
    ]);
    assert.deepEqual(
      [db1, db2, ssh.trim(), echo],
      ["HELLO db1.example\nping", "HELLO db2.example\nping", "SSH-2.0-github.com", "ping"],
    );
  });

  it("a range of addresses, each of which says which it is, and a neighbour", async () => {
    const calls = INTERNET_BLOCK.addresses.map((each) => `curl -sS http://${each}/`);
    const answers = (await sh(calls.join("; echo; echo =====; "))).split("=====").map(echo);
    assert.deepEqual(
      answers.map(({ host }) => host),
      ["n64", "n65", "n66", "n67"].map((name) => `${name}.block.example`),
    );
    const listed = await sh("getent ahostsv4 block.example | cut -d' ' -f1 | sort -u");
    assert.deepEqual(listed.split("\n"), [...INTERNET_BLOCK.addresses]);
    assert.equal(echo(await sh("curl -sS http://n68.block.example/")).address, "198.19.0.68");
  });

  it("datagrams on UDP 443", async () => {
    const text = `quic ${randomUUID()}`;
    const events = await eventsOf(async () => {
      assert.equal(await python(datagram("evil.example", 443, text)), "HELLO evil.example");
    });
    assert.deepEqual(
      events.map(({ protocol, host, text: sent }) => ({ protocol, host, text: sent })),
      [{ protocol: "udp", host: "evil.example", text }],
    );
  });

  it("a DNS server that knows every name, asked directly or by way of the cluster's DNS", async () => {
    const since = new Date();
    const direct = `x-${randomUUID()}.nowhere.test`;
    const tunnel = `x-${randomUUID()}.attacker.example`;
    await python(query(internetAddress("resolver.example"), direct));
    assert.equal(
      await sh(`getent ahostsv4 ${tunnel} | head -1 | cut -d' ' -f1`),
      internetAddress("*.attacker.example"),
    );
    const asked = internetLog(since).filter(({ event }) => event === "query");
    assert.deepEqual(
      asked.filter(({ name }) => name === direct).map(({ peer, recordType }) => ({ peer, recordType })),
      [{ peer: address, recordType: "A" }],
    );
    assert.ok(
      asked.some(({ name, peer }) => name === tunnel && peer === "198.19.0.2"),
      JSON.stringify(asked),
    );
  });

  /** What reached the internet from the prober while `work` ran. */
  async function eventsOf(work: () => Promise<unknown>): Promise<InternetEvent[]> {
    const since = new Date();
    await work();
    return internetLog(since).filter(({ peer }) => peer === address);
  }
});

const IN_PROBER = ["exec", "--stdin", "--namespace=prober", "deployment/prober", "--"];

function sh(script: string): Promise<string> {
  return kubectl([...IN_PROBER, "sh", "-c", script]);
}

function python(program: string): Promise<string> {
  return kubectl([...IN_PROBER, "python3", "-"], program);
}

/** Sends bytes over TCP and prints all that comes back until there is silence. A request's head is ended and asks to close. */
function talk(host: string, port: number, text: string, end = "Connection: close\r\n\r\n"): string {
  return `
import socket
s = socket.create_connection((${JSON.stringify(host)}, ${port}), 5)
s.settimeout(0.5)
s.sendall(${JSON.stringify(text + end)}.encode())
got = b""
try:
    while part := s.recv(65536): got += part
except TimeoutError: pass
print(got.decode(), end="")
`;
}

function datagram(host: string, port: number, text: string): string {
  return `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
s.sendto(${JSON.stringify(text)}.encode(), (socket.gethostbyname(${JSON.stringify(host)}), ${port}))
print(s.recv(1000).decode().strip())
`;
}

/** Asks a DNS server for the address of a name. */
function query(server: string, name: string): string {
  return `
import socket
labels = b"".join(bytes([len(l)]) + l.encode() for l in ${JSON.stringify(name)}.split("."))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
s.sendto(b"\\x12\\x34\\x01\\0\\0\\x01\\0\\0\\0\\0\\0\\0" + labels + b"\\0\\0\\x01\\0\\x01", (${JSON.stringify(server)}, 53))
s.recv(1000)
`;
}

/** The echo in the body of a whole answer. */
function echoed(answer: string): InternetCall {
  return echo(answer.split("\r\n\r\n").slice(1).join("\r\n\r\n"));
}

function echo(body: string): InternetCall {
  return JSON.parse(body) as InternetCall;
}

const PROBER = `
apiVersion: v1
kind: Namespace
metadata: { name: prober }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: prober, namespace: prober }
spec:
  selector: { matchLabels: { app: prober } }
  template:
    metadata: { labels: { app: prober } }
    spec:
      containers: [{ name: app, image: "lab.local/app:1", imagePullPolicy: IfNotPresent }]
`;
