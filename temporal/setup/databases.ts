import pg from "pg";

/** A role and the databases that it alone may enter. */
export interface WantedRole {
  readonly role: string;
  readonly password: string;
  readonly databases: readonly string[];
}

/**
 * Makes the roles and databases that are missing, on the server at `adminUrl`, whose user must be allowed to. Passwords
 * are brought up to date; data are never touched.
 */
export async function ensureDatabases(adminUrl: string, wanted: readonly WantedRole[]): Promise<void> {
  const admin = new pg.Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  await admin.connect();
  try {
    for (const one of wanted) await ensureRole(admin, one);
  } finally {
    await admin.end();
  }
}

async function ensureRole(admin: pg.Client, { role, password, databases }: WantedRole): Promise<void> {
  const name = admin.escapeIdentifier(role);
  const isThere = (await admin.query("select from pg_roles where rolname = $1", [role])).rowCount === 1;
  await admin.query(`${isThere ? "alter" : "create"} role ${name} login password ${admin.escapeLiteral(password)}`);
  for (const database of databases) {
    const quoted = admin.escapeIdentifier(database);
    const isMade = (await admin.query("select from pg_database where datname = $1", [database])).rowCount === 1;
    if (!isMade) await admin.query(`create database ${quoted} owner ${name}`);
    await admin.query(`revoke all on database ${quoted} from public`);
  }
}
