package nimload.deploy.settings;

/** A settings file that says something it cannot mean. The command ends with exit code 2, before anything is touched. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
