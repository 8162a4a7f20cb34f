import { connect, isIP } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { isGrpcServiceError } from "@temporalio/client";
import { type TemporalSettings, temporalConnection } from "./settings.ts";

/* What is between us and Temporal. gRPC says "unavailable" to everything; a handshake of our own tells what it is. */

/** What is wrong with the way to Temporal; `null` says that it is open. */
export type TemporalFaultCode =
  | "temporal_unreachable"
  | "temporal_address_unknown"
  | "temporal_expects_no_tls"
  | "temporal_expects_tls"
  | "temporal_server_certificate_refused"
  | "temporal_client_certificate_refused"
  | "temporal_key_refused"
  | "temporal_namespace_unknown";

/** A fault with what to do about it. */
export interface TemporalFault {
  readonly code: TemporalFaultCode;
  /** What the other side or the system said, without any secret. */
  readonly reason: string;
  readonly remedy: string;
}

const REMEDIES: Readonly<Record<TemporalFaultCode, string>> = {
  temporal_unreachable: "Nobody answers at TEMPORAL_ADDRESS: is the server up, and the port open to us?",
  temporal_address_unknown: "TEMPORAL_ADDRESS names no host that can be found.",
  temporal_expects_no_tls:
    "The server speaks no TLS: unset TEMPORAL_TLS, the TEMPORAL_TLS_* files and TEMPORAL_API_KEY.",
  temporal_expects_tls:
    "The server speaks TLS only: set TEMPORAL_TLS, and TEMPORAL_TLS_SERVER_CA_FILE for a certificate of your own.",
  temporal_server_certificate_refused:
    "The server's certificate is not trusted: TEMPORAL_TLS_SERVER_CA_FILE must be what signed it, and TEMPORAL_TLS_SERVER_NAME its name.",
  temporal_client_certificate_refused:
    "The server wants another client certificate: TEMPORAL_TLS_CLIENT_CERT_FILE and TEMPORAL_TLS_CLIENT_KEY_FILE.",
  temporal_key_refused: "The server refuses TEMPORAL_API_KEY, or the key may not use this namespace.",
  temporal_namespace_unknown:
    "The server has no such TEMPORAL_NAMESPACE: `npm run temporal-setup` makes it on a server of your own.",
};

const PROBE_MS = 3_000;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Says what a failed call to Temporal came from; null when it is none of the known faults. */
export async function temporalFault(settings: TemporalSettings, error: unknown): Promise<TemporalFault | null> {
  const grpcCode = isGrpcServiceError(error) ? error.code : null;
  if (grpcCode === NOT_FOUND) return fault("temporal_namespace_unknown", settings.TEMPORAL_NAMESPACE);
  if (grpcCode === PERMISSION_DENIED || grpcCode === UNAUTHENTICATED) {
    return fault("temporal_key_refused", grpcCode === UNAUTHENTICATED ? "unauthenticated" : "permission denied");
  }
  const reason = await probe(settings);
  return reason === null ? null : fault(codeOf(reason), reason);
}

function fault(code: TemporalFaultCode, reason: string): TemporalFault {
  return { code, reason, remedy: REMEDIES[code] };
}

/** What HTTP/2 begins with: the fixed words and an empty frame of settings. */
const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const TLS_ALERT = 0x15;
const NO_TLS_HERE = "the server hangs up";

/** Begins as the SDK does and returns the system's word for what stops it; null when the server goes along. */
function probe(settings: TemporalSettings): Promise<string | null> {
  const { address, tls } = temporalConnection(settings);
  const { hostname: host, port } = new URL(`tcp://${address}`);
  const to = { host, port: Number(port) };
  return new Promise((resolve) => {
    const socket = tls === undefined ? connect(to) : connectTls({ ...to, ...tlsOptions(tls, host) });
    const end = (reason: string | null) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(PROBE_MS, () => end("ETIMEDOUT"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once("end", () => end(tls === undefined ? NO_TLS_HERE : "ECONNRESET"));
    socket.once(tls === undefined ? "connect" : "secureConnect", () => socket.write(PREFACE));
    // TLS 1.3 refuses a client's certificate only after the handshake; the server's own first frame says that it did not.
    socket.once("data", (data: Buffer) => end(tls === undefined && data[0] === TLS_ALERT ? NO_TLS_HERE : null));
  });
}

function tlsOptions(tls: NonNullable<ReturnType<typeof temporalConnection>["tls"]>, host: string): ConnectionOptions {
  const { serverNameOverride, serverRootCACertificate: ca, clientCertPair: pair } = tls === true ? {} : tls || {};
  const servername = serverNameOverride ?? (isIP(host) === 0 ? host : undefined);
  return {
    ALPNProtocols: ["h2"],
    ...(servername === undefined ? {} : { servername }),
    ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
    ...(pair === undefined ? {} : { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) }),
  };
}

function codeOf(reason: string): TemporalFaultCode {
  if (reason === NO_TLS_HERE) return "temporal_expects_tls";
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN") return "temporal_address_unknown";
  if (reason === "ERR_SSL_WRONG_VERSION_NUMBER" || reason === "ERR_SSL_PACKET_LENGTH_TOO_LONG")
    return "temporal_expects_no_tls";
  if (/_ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE)/.test(reason))
    return "temporal_client_certificate_refused";
  if (/CERT|SIGNATURE|ISSUER|ALTNAME/.test(reason)) return "temporal_server_certificate_refused";
  return "temporal_unreachable";
}
