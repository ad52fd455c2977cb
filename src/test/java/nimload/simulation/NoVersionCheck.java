package nimload.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.prefs.AbstractPreferences;
import java.util.prefs.Preferences;
import java.util.prefs.PreferencesFactory;

/**
 * Keeps Gatling from checking for a newer version of itself. The check asks Maven Central, prints a line, and keeps its answer
 * in the Java preferences, a file in the user's home, about which the JDK warns when two runs start at once. Gatling has no
 * switch for it, but does not check twice within some time: these preferences are in memory and hold a check of just now that
 * found nothing.
 *
 * <p>Named by {@code -Djava.util.prefs.PreferencesFactory} on the command line of a run's JVM.
 */
public final class NoVersionCheck implements PreferencesFactory {
    private final Preferences root = new InMemory(null, "");

    public NoVersionCheck() {
        root.node("io/gatling/latestVersion").putLong("lastCheckTimestamp", System.currentTimeMillis());
    }

    @Override
    public Preferences systemRoot() {
        return root;
    }

    @Override
    public Preferences userRoot() {
        return root;
    }

    private static final class InMemory extends AbstractPreferences {
        private final Map<String, String> values = new HashMap<>();

        InMemory(AbstractPreferences parent, String name) {
            super(parent, name);
        }

        @Override
        protected void putSpi(String key, String value) {
            values.put(key, value);
        }

        @Override
        protected String getSpi(String key) {
            return values.get(key);
        }

        @Override
        protected void removeSpi(String key) {
            values.remove(key);
        }

        @Override
        protected String[] keysSpi() {
            return values.keySet().toArray(String[]::new);
        }

        @Override
        protected AbstractPreferences childSpi(String name) {
            return new InMemory(this, name);
        }

        /** None beyond those that the superclass keeps. */
        @Override
        protected String[] childrenNamesSpi() {
            return new String[0];
        }

        @Override
        protected void removeNodeSpi() {}

        @Override
        protected void syncSpi() {}

        @Override
        protected void flushSpi() {}
    }
}
