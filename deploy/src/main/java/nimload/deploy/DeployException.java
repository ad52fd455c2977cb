package nimload.deploy;

/** A failure with its diagnosis in one line: what failed, the value, what would be right, what to do next. The command exits with code 1. */
public class DeployException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DeployException(String message) {
        super(message);
    }

    public DeployException(String message, Throwable cause) {
        super(message, cause);
    }
}
