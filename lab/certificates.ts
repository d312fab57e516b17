import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A certificate and its private key, both as PEM text. */
export interface Certificate {
  certificate: string;
  key: string;
}

export interface CertificateWish {
  commonName: string;
  organization?: string;
  /** Names and addresses that a server answers to. */
  hosts?: readonly string[];
}

/** A new certificate authority, good for ten years. */
export async function createAuthority(commonName: string): Promise<Certificate> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    ...validity(3_650),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

/** A certificate for a server or a client, signed by the authority, good for a year. */
export async function issue(authority: Certificate, wish: CertificateWish): Promise<Certificate> {
  const keys = await createKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const names = (wish.hosts ?? []).map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: wish.organization ? `CN=${wish.commonName}, O=${wish.organization}` : `CN=${wish.commonName}`,
    issuer: issuer.subject,
    ...validity(365),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

/** A key pair alone, as PEM text. */
export async function createKeyPair(): Promise<{ privateKey: string; publicKey: string }> {
  const keys = await createKeys();
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return { privateKey: await privateKeyPem(keys), publicKey: x509.PemConverter.encode(spki, "PUBLIC KEY") };
}

async function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(pkcs8, "PRIVATE KEY");
}

async function readKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [pkcs8] = x509.PemConverter.decode(pem);
  if (!pkcs8) throw new Error("not a private key in PEM form");
  return await webcrypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, true, ["sign"]);
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  // A clock that is a little late must not refuse it.
  const from = Date.now() - 3_600_000;
  return { notBefore: new Date(from), notAfter: new Date(from + days * 86_400_000) };
}

function serialNumber(): string {
  return `01${randomBytes(15).toString("hex")}`;
}
