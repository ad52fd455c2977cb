package nimload.deploy;

/** What to print when Ctrl-C or SIGTERM ends the JVM. */
public interface Interrupts {

    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Runs {@code lastWords} if a signal arrives before the registration is closed. */
    Registration during(Runnable lastWords);

    Interrupts SYSTEM = lastWords -> {
        Thread hook = new Thread(lastWords, "last-words");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                // The hook is already running, as it should.
            }
        };
    };
}
