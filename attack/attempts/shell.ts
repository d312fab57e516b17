/** Seconds after which a call counts as lost. */
const PATIENCE = 3;

/** curl that prints the status and its own exit code: `HTTP 200, curl 0`. */
export function curl(url: string, ...args: string[]): string {
  return `curl -sk -o /dev/null --max-time ${PATIENCE} -w 'HTTP %{http_code}, ' ${args.map(quote).join(" ")} ${quote(url)}; echo "curl $?"`;
}

/** The same as the proxy's own user, whose calls the sidecar does not capture. */
export function asProxy(command: string): string {
  return `setpriv --reuid=1337 --regid=1337 --clear-groups sh -c ${quote(command)}`;
}

/** Sends bytes over a new TCP connection and prints what comes back. `\r\n` is to be written out. */
export function raw(address: string, port: number, bytes: string): string {
  return python(`
import socket
s = socket.create_connection((${JSON.stringify(address)}, ${port}), ${PATIENCE})
s.settimeout(${PATIENCE})
s.sendall(${JSON.stringify(bytes)}.encode())
try:
    while True:
        got = s.recv(65536)
        if not got: break
        print(got.decode(errors="replace"))
except TimeoutError: print("nothing came")
`);
}

/** Opens TLS with a server name, then asks for a page of a host over it. */
export function tls({ address, port, sni, host, certificate, line = "GET / HTTP/1.1" }: TlsCall): string {
  const client = certificate === undefined ? "" : `c.load_cert_chain(${JSON.stringify(certificate)})`;
  return python(`
import socket, ssl
c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
${client}
s = socket.create_connection((${JSON.stringify(address)}, ${port}), ${PATIENCE})
t = c.wrap_socket(s, server_hostname=${sni === undefined ? "None" : JSON.stringify(sni)})
print("handshake done")
t.settimeout(${PATIENCE})
t.sendall(b"${line}\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n")
print("answer:", t.recv(65536).decode(errors="replace"))
`);
}

export interface TlsCall {
  address: string;
  port: number;
  /** None: no server name is sent. */
  sni: string | undefined;
  host: string;
  /** The request line. Default: `GET / HTTP/1.1`. */
  line?: string;
  /** File with a client certificate and its key. */
  certificate?: string;
}

/** A datagram that nobody answers. */
export function datagram(address: string, port: number, bytes: string): string {
  return python(`
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(bytes.fromhex(${JSON.stringify(Buffer.from(bytes, "binary").toString("hex"))}), (${JSON.stringify(address)}, ${port}))
s.settimeout(1)
try: print("answer:", s.recv(4096).hex())
except TimeoutError: print("nothing came")
`);
}

export function python(program: string): string {
  return `python3 - <<'PROGRAM'\n${program.trim()}\nPROGRAM\necho "exit $?"`;
}

export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
