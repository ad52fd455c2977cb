package nimload.preflight;

import nimload.preflight.NimClient.Answer;

/** What came of a request: an answer of any status, or none. */
sealed interface Reply permits Answer, NoAnswer {
    /** For prose: {@code HTTP 503}, {@code connection refused}. */
    String what();
}
