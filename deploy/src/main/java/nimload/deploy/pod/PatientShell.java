package nimload.deploy.pod;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import nimload.deploy.DeployException;
import nimload.deploy.Time;

/** Repeats a command after a lost connection, until the pod is known to be gone or the limit is reached. The command must be safe to repeat. */
public final class PatientShell {

    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final PodShell shell;
    private final Time time;
    private final Duration limit;
    private final Runnable podIsThere;
    private final Consumer<String> note;
    private final Advice advice;

    /**
     * @param limit longest time without a connection
     * @param podIsThere throws the reason if the pod is gone
     * @param note receives one message when the connection is lost and one when it is back
     */
    public PatientShell(
            PodShell shell, Time time, Duration limit, Runnable podIsThere, Consumer<String> note, Advice advice) {
        this.shell = shell;
        this.time = time;
        this.limit = limit;
        this.podIsThere = podIsThere;
        this.note = note;
        this.advice = advice;
    }

    /** @throws DeployException with the reason, when there is nothing left to try */
    public PodShell.Output run(List<String> command, PodShell.Input input, Duration oneAttempt)
            throws InterruptedException {
        Duration lost = null;
        while (true) {
            try {
                PodShell.Output output = shell.run(command, input, oneAttempt);
                if (lost != null) {
                    note.accept("reconnected");
                }
                return output;
            } catch (PodShell.ConnectionLost e) {
                podIsThere.run();
                if (lost == null) {
                    lost = time.elapsed();
                    note.accept("connection to the pod lost (" + e.getMessage() + "); retrying");
                } else if (time.elapsed().minus(lost).compareTo(limit) >= 0) {
                    throw new DeployException(
                            "no connection to the pod for " + limit.toSeconds() + " s (" + e.getMessage()
                                    + "); the run there continues: "
                                    + advice.attach() + " follows it once the cluster answers again",
                            e);
                }
                time.sleep(PAUSE);
            }
        }
    }
}
