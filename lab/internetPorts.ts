/** On which ports every host of the lab's internet answers, by what it speaks there. */
export const INTERNET_PORTS = {
  http: [80, 8080],
  https: [443, 8443],
  /** HTTP/2 without TLS, by prior knowledge; `application/grpc` is answered with one message and a trailer. */
  h2c: [50051],
  /** The server speaks first: `SSH-2.0-HOST`. What it then gets, it gives back. */
  ssh: [22],
  /** The server speaks first: `HELLO HOST`. What it then gets, it gives back. */
  database: [5432],
  /** The client speaks first; what comes is given back. */
  echo: [6379],
  /** Each datagram is answered with `HELLO HOST`. */
  udp: [443],
} as const;
