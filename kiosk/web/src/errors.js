// Every error that is raised on purpose; the same tree and the same codes as voting/errors.py.
//
//   PiaojueError
//   ├── InputError               the caller can mend what was given; nothing was changed
//   │   ├── FormatError          bytes that are not a well-formed, canonical message
//   │   └── UnsupportedError     well formed, of a kind that this system refuses by name
//   ├── RefusedError             well formed, but not allowed here or not now
//   ├── ConflictError            somebody else was first: read the state again and retry
//   ├── UnavailableError         a server or a device does not answer: wait and retry
//   └── VerificationError        something that had to hold does not: never retried
//       ├── ProofError           a zero-knowledge proof or a signature
//       └── FaultyTrusteeError   and we can say whose
//
// Callers catch by what they can do about it. `code` and `params` are stable; the sentence for
// people is made from them by common/words.js. No error carries a secret or a choice.

/** Base of every error below: `code` is safe to show, log and send. */
export class PiaojueError extends Error {
  /**
   * @param {string} [code]
   * @param {Record<string, unknown>} [params] values for the sentence
   */
  constructor(code = "error", params = {}) {
    const detail = Object.entries(params).map(([name, value]) => `${name}=${value}`).join(", ");
    super(detail ? `${code}: ${detail}` : code);
    this.name = new.target.name;
    this.code = code;
    this.params = params;
  }
}

/** The input has to be mended by whoever gave it. */
export class InputError extends PiaojueError {
  constructor(code = "bad-input", params = {}) {
    super(code, params);
  }
}

/** Bytes that are not a well-formed, canonical message of the expected type. */
export class FormatError extends InputError {
  /**
   * @param {string} place where in the message, as `ballot.answers[0].choices`
   * @param {string} what what is wrong there, in English, for the developer
   */
  constructor(place, what) {
    super("malformed", { place, what });
  }

  get place() {
    return this.params.place;
  }

  get what() {
    return this.params.what;
  }
}

/** A well-formed message of a kind that is refused by name (`params.kind`). */
export class UnsupportedError extends InputError {
  constructor(params = {}) {
    super("unsupported", params);
  }
}

/** The message is well formed, but it is not allowed here or not now. */
export class RefusedError extends PiaojueError {
  constructor(code = "refused", params = {}) {
    super(code, params);
  }
}

/** The state moved since the caller read it; read again and retry. */
export class ConflictError extends PiaojueError {
  constructor(code = "conflict", params = {}) {
    super(code, params);
  }
}

/** A server or a device gave no answer; wait and retry. */
export class UnavailableError extends PiaojueError {
  constructor(code = "unavailable", params = {}) {
    super(code, params);
  }
}

/** Something that had to hold does not. A finding, never retried. */
export class VerificationError extends PiaojueError {
  constructor(code = "invalid", params = {}) {
    super(code, params);
  }
}

/** A zero-knowledge proof or a signature does not verify. */
export class ProofError extends VerificationError {
  constructor(code = "bad-proof", params = {}) {
    super(code, params);
  }
}

/** A trustee published a value whose proof fails; `params.trustee` is 1-based. */
export class FaultyTrusteeError extends VerificationError {
  /**
   * @param {number} trustee
   * @param {Record<string, unknown>} [params]
   */
  constructor(trustee, params = {}) {
    super("faulty-trustee", { trustee, ...params });
  }

  get trustee() {
    return this.params.trustee;
  }
}

const KINDS = {
  InputError,
  RefusedError,
  ConflictError,
  UnavailableError,
  VerificationError,
  ProofError,
};

/**
 * What may cross from a Worker to its page: no stack, no foreign error's text.
 * @param {unknown} error
 * @returns {{kind: string, code: string, params: Record<string, unknown>}}
 */
export function packError(error) {
  if (!(error instanceof PiaojueError)) return { kind: "PiaojueError", code: "error", params: {} };
  return { kind: error.name, code: error.code, params: error.params };
}

/**
 * The inverse of `packError`.
 * @param {{kind: string, code: string, params: Record<string, unknown>}} packed
 * @returns {PiaojueError}
 */
export function unpackError({ kind, code, params }) {
  if (kind === "FormatError") return new FormatError(params.place, params.what);
  if (kind === "UnsupportedError") return new UnsupportedError(params);
  if (kind === "FaultyTrusteeError") {
    const { trustee, ...others } = params;
    return new FaultyTrusteeError(trustee, others);
  }
  return new (Object.hasOwn(KINDS, kind) ? KINDS[kind] : PiaojueError)(code, params);
}
