package nimload.deploy.settings;

/** Settings that cannot be right. The command exits with code 2, before anything is touched. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
