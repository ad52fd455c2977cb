package nimload.measure;

/**
 * Why a request failed; each kind is counted on its own and none is mixed into latency.
 *
 * @param key as in results: {@code http 503}, {@code timeout}, {@code connection}, {@code malformed}, {@code wrong answer}
 */
public record ErrorKind(String key) {
    /** No complete answer within the request timeout. */
    public static final ErrorKind TIMEOUT = new ErrorKind("timeout");

    /** Refused, reset or closed before the answer was complete. */
    public static final ErrorKind CONNECTION = new ErrorKind("connection");

    /** HTTP 200 with a body that breaks the contract. */
    public static final ErrorKind MALFORMED = new ErrorKind("malformed");

    /** A well-formed answer that is not the one the same request got when it was alone, or has impossible values. */
    public static final ErrorKind WRONG_ANSWER = new ErrorKind("wrong answer");

    /** An HTTP status other than 200. */
    public static ErrorKind http(int status) {
        return new ErrorKind("http " + status);
    }
}
