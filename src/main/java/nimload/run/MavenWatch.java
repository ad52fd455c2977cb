package nimload.run;

import java.util.Arrays;
import java.util.Optional;

/**
 * Ends this process with the Maven that started it. Without it, a Maven that is killed (by a CI server, say) leaves Gatling
 * behind, which goes on loading the NIM for as long as the run takes.
 */
public final class MavenWatch {
    private static final String MAVEN = "org.codehaus.plexus.classworlds.launcher.Launcher";

    private MavenWatch() {}

    /** @param end what ends this process */
    public static void begin(Runnable end) {
        maven().ifPresent(parent -> parent.onExit().thenRun(end));
    }

    /** Empty if something else started this process, or if the system does not tell. */
    private static Optional<ProcessHandle> maven() {
        return ProcessHandle.current()
                .parent()
                .filter(parent -> parent.info()
                        .arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(MAVEN))
                        .orElse(false));
    }
}
