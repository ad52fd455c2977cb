package nimload.deploy.command;

import java.nio.file.Path;
import java.util.Map;
import nimload.deploy.Edges;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the smallest level of each workload inside the cluster: the same as run, with one user for a second.",
            "",
            "Answers are checked as in every run. Takes run's options."
        })
final class VerifyCommand extends RunCommand {

    VerifyCommand(Edges edges) {
        super(edges);
    }

    /** Not among the runs that `latest` and baselines mean. */
    @Override
    Path defaultResults(Path root) {
        return edges().target().resolve("verify");
    }

    @Override
    Map<String, String> defaults() {
        return Map.of(
                "nim.duration", "1s",
                "nim.warmup", "0s",
                "nim.samples", "1",
                "nim.query.concurrency", "1",
                "nim.passage.tokens", "300",
                "nim.passage.concurrency", "1",
                "nim.reranking.passages", "10",
                "nim.reranking.concurrency", "1");
    }
}
