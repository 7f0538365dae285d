// The session of a page that the server itself gave out: a cookie that no script reads.

import { RefusedError } from "../errors.js";

/**
 * Turn an invitation into an account and a session.
 * @param {object} api common/api.js
 * @param {{invitation: string, passphrase: string, key: string|null, kind: string}} what key: an
 *   officer's public key; kind: `officer` or `trustee`
 * @returns {Promise<string>} the account
 * @throws {RefusedError} `invitation-unknown`, `not-your-role`
 */
export async function beginSession(api, { invitation, passphrase, key, kind }) {
  const body = { code: invitation, password: passphrase, key };
  const { account, role } = await api.post("/api/login/invite", body);
  if (!account.startsWith(`${kind}:`)) throw new RefusedError("not-your-role", { role });
  return account;
}

/** See that there is a session of this account; the password is the key file's passphrase. */
export async function keepSession(api, account, passphrase) {
  if ((await sessionOf(api)) === account) return;
  await api.post("/api/login", { account, password: passphrase });
}

/** Whose session there is, or null. */
export async function sessionOf(api) {
  try {
    return (await api.get("/api/account")).account;
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}
