package nimload;

/**
 * Something that only the user can put right: a setting, an address, a NIM that is not ready.
 *
 * <p>The message is one line that says what, the value, what would be right, and what to do next. It is shown as it is,
 * without a stack trace, and ends the run with a non-zero exit.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
