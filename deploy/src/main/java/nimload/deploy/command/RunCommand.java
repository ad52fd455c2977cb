package nimload.deploy.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.load.RunSettings;
import nimload.deploy.load.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a simulation inside the cluster, in the pod of up --pod load-generator, and brings its results back.",
            "",
            "Uploads the suite (mvn package -DskipTests makes it), starts it apart from this command, prints what it prints, and copies results and"
                    + " Gatling's report to target/nim-results/<run> as if it had run here. Ctrl-C or a lost connection leave it running: --attach"
                    + " follows it again, --stop ends it. The NIMs' addresses are those of target/endpoints.json, as seen from inside. NIM_API_KEY is"
                    + " handed on if it is set here; other environment variables are not.",
            "",
            "--timeout is the longest time without a connection to the pod. The exit code is the run's (0, or 1 and 2 for a failed one)."
        })
final class RunCommand implements Callable<Integer> {

    private final Edges edges;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--simulation",
            paramLabel = "CLASS",
            defaultValue = "PublishedGridSimulation",
            description = "Of src/test/java/nimload/simulation; default: ${DEFAULT-VALUE}.")
    private String simulation;

    @Option(
            names = {"-D", "--set"},
            paramLabel = "nim.x.y=VALUE",
            description = "A setting of the run, as for mvn gatling:test; again for each.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--attach", description = "Follow the run that is in the pod, or fetch it if it has ended.")
    private boolean attach;

    @Option(names = "--stop", description = "End the run that is in the pod, and fetch what it has measured.")
    private boolean stop;

    @Option(
            names = "--embedded",
            description = "Against the embedded NIM, in the pod itself: tries the way there and back without a NIM.")
    private boolean embedded;

    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description = "Default: target/nimload-suite.tar of the root project.")
    private Optional<Path> suite = Optional.empty();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where runs are brought back to; default: target/nim-results of the root project.")
    private Optional<Path> results = Optional.empty();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "/work/nimload",
            description = "A folder of the pod that can be written; default: ${DEFAULT-VALUE}.")
    private String dir;

    RunCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws Exception {
        if (attach && stop) {
            throw new ParameterException(spec.commandLine(), "--attach and --stop: give one of them");
        }
        Path root = edges.folder().toAbsolutePath().normalize().getParent();
        Path to = results.orElseGet(() -> root.resolve("target/nim-results"));
        RunSettings settings = new RunSettings(set);
        // Before the cluster: nothing is made there for an archive that is not here.
        Optional<Suite> archive = attach || stop
                ? Optional.empty()
                : Optional.of(Suite.read(suite.orElseGet(() -> root.resolve("target/nimload-suite.tar"))));
        Optional<String> full = archive.map(read -> read.simulation(simulation));
        try (Workplace work = new Workplace(edges, options)) {
            PodRun run = PodRun.in(work, to, dir);
            if (stop) {
                return run.stop();
            }
            if (attach) {
                return run.attach();
            }
            run.start(archive.orElseThrow(), full.orElseThrow(), settings, embedded);
            return run.followAndFetch();
        }
    }
}
