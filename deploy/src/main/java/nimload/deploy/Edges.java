package nimload.deploy;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * Everything the commands take from outside, so that tests can supply their own.
 *
 * @param folder this module's folder, with nims.yaml, manifests/ and target/
 * @param terminal whether {@code out} is a terminal
 * @param http follows no redirects
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
        Interrupts interrupts,
        IntConsumer exit) {

    public Path target() {
        return folder.resolve("target");
    }
}
