package nimload.deploy;

/** A failure with its diagnosis: one line that says what, the value, what would be right and what to do next. The command ends with exit code 1. */
public class DeployException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DeployException(String message) {
        super(message);
    }

    public DeployException(String message, Throwable cause) {
        super(message, cause);
    }
}
