import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority of its own; it signs nothing by itself. */
export async function makeAuthority(folder: string, name: string): Promise<CertificateFiles> {
  const files = filesOf(folder, name);
  const subject = ["-subj", `/CN=${name}`, "-addext", "basicConstraints=critical,CA:TRUE"];
  await openssl("req", "-x509", ...newKey(files), "-out", files.cert, "-days", "2", ...subject);
  return files;
}

/** Makes a certificate for 127.0.0.1 and `temporal.test`, or for a client, signed by an authority. */
export async function makeCertificate(
  folder: string,
  name: string,
  authority: CertificateFiles,
): Promise<CertificateFiles> {
  const files = filesOf(folder, name);
  const request = join(folder, `${name}.csr`);
  const extensions = join(folder, `${name}.ext`);
  await writeFile(
    extensions,
    "subjectAltName=DNS:temporal.test,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n",
  );
  await openssl("req", ...newKey(files), "-out", request, "-subj", `/CN=${name}`);
  const signer = ["-CA", authority.cert, "-CAkey", authority.key, "-CAcreateserial"];
  await openssl("x509", "-req", "-in", request, ...signer, "-out", files.cert, "-days", "2", "-extfile", extensions);
  return files;
}

function filesOf(folder: string, name: string): CertificateFiles {
  return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

function newKey({ key }: CertificateFiles): string[] {
  return ["-newkey", "rsa:2048", "-nodes", "-keyout", key];
}

async function openssl(...args: string[]): Promise<void> {
  await run("openssl", args);
}
