import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { type ChannelCredentials, Client, credentials, Metadata } from "@grpc/grpc-js";
import * as x509 from "@peculiar/x509";
import { BinaryReader, BinaryWriter } from "google-protobuf";
import type { Kubectl } from "../demo/kubectl";

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const METHOD = "/istio.v1.auth.IstioCertificateService/CreateCertificate";
const PORT = 15012;

/**
 * The mesh certificate of a service account, as whoever can make tokens for it gets it from istiod: certificate chain
 * and key in one PEM text, good for an hour.
 */
export async function meshCertificate(
  kubectl: Kubectl,
  account: { namespace: string; name: string },
  istiodAddress: string,
): Promise<string> {
  const token = await kubectl(["create", "token", account.name, "-n", account.namespace, "--audience=istio-ca"]);
  const root = await kubectl([
    "get",
    "configmap",
    "istio-ca-root-cert",
    "-n",
    account.namespace,
    "-o",
    "jsonpath={.data.root-cert\\.pem}",
  ]);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm: ALGORITHM });
  const chain = await sign(
    istiodAddress,
    credentials.createSsl(Buffer.from(root)),
    token.trim(),
    request.toString("pem"),
  );
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return `${chain.join("\n")}\n${key}\n`;
}

/** istiod's answer: the certificate, then its issuers (Istio, `security/v1alpha1/ca.proto`). */
function sign(address: string, tls: ChannelCredentials, token: string, csr: string): Promise<string[]> {
  const client = new Client(`${address}:${PORT}`, tls, {
    "grpc.ssl_target_name_override": "istiod.istio-system.svc",
    "grpc.default_authority": "istiod.istio-system.svc",
  });
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  metadata.set("clusterid", "Kubernetes");
  return new Promise<string[]>((resolve, reject) => {
    const deadline = new Date(Date.now() + 10_000);
    client.makeUnaryRequest(METHOD, writeRequest, readResponse, csr, metadata, { deadline }, (error, chain) => {
      client.close();
      if (error || chain === undefined) reject(error ?? new Error("istiod sent no certificate"));
      else resolve(chain);
    });
  });
}

function writeRequest(csr: string): Buffer {
  const writer = new BinaryWriter();
  writer.writeString(1, csr);
  writer.writeInt64(3, 3600);
  return Buffer.from(writer.getResultBuffer());
}

function readResponse(bytes: Buffer): string[] {
  const reader = new BinaryReader(new Uint8Array(bytes));
  const chain: string[] = [];
  while (reader.nextField()) {
    if (reader.getFieldNumber() === 1) chain.push(reader.readString().trim());
    else reader.skipField();
  }
  return chain;
}
