package nimload.deploy;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import nimload.deploy.cluster.PodForward;

/**
 * Everything that the commands take from outside, so that tests hand in their own.
 *
 * @param folder of this module: nims.yaml, manifests/ and target/ are in it
 * @param terminal whether {@code out} is one
 * @param http follows no redirect
 * @param exit ends the JVM; called only when a signal arrives during a Helm call
 */
public record Edges(
        Path folder,
        UnaryOperator<String> environment,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Time time,
        HttpClient http,
        PodForward forward,
        Interrupts interrupts,
        IntConsumer exit) {

    public Path target() {
        return folder.resolve("target");
    }
}
