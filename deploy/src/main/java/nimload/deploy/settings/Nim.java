package nimload.deploy.settings;

import java.util.Locale;

/** The two services to install; {@code toString} is the name in the settings file and on the command line. */
public enum Nim {
    EMBEDDING,
    RERANKING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
