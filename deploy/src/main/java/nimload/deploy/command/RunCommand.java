package nimload.deploy.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.genai.GenaiGrid;
import nimload.deploy.genai.GenaiImport;
import nimload.deploy.genai.GenaiLevel;
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
            "Runs a load test inside the cluster, in a pod of up --pod, and brings its results back.",
            "",
            "A simulation runs in the pod load-generator. Uploads the suite (mvn package -DskipTests makes it), starts it apart from this command,"
                    + " prints what it prints, and copies results and Gatling's report to target/nim-results/<run> as if it had run here. Ctrl-C or a"
                    + " lost connection leave it running: --attach follows it again, --stop ends it. The NIMs' addresses are those of"
                    + " target/endpoints.json, as seen from inside. NIM_API_KEY is handed on if it is set here; other environment variables are not.",
            "",
            "--tool genai-perf runs the same grid in the pod genai-perf with the guide's own command lines and an --artifact-dir for each, copies what"
                    + " it exports to target/nim-results/<run>-genai-perf, and makes a run of it that compare and the page accept. A level that fails"
                    + " does not stop the others.",
            "",
            "--timeout is the longest time without a connection to the pod. The exit code is the run's (0, or 1 and 2 for a failed one)."
        })
final class RunCommand implements Callable<Integer> {

    private static final String SIMULATION = "simulation";

    /** What has a meaning for simulations alone. */
    private static final List<String> OF_SIMULATIONS = List.of("--simulation", "--set", "--embedded");

    private final Edges edges;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--tool",
            paramLabel = "TOOL",
            defaultValue = SIMULATION,
            description = "simulation, or genai-perf; default: ${DEFAULT-VALUE}.")
    private String tool;

    @Option(
            names = "--tokenizer",
            paramLabel = "NAME|FOLDER",
            description = "With --tool genai-perf: of Hugging Face, or a folder of the pod; default: genai-perf's own.")
    private Optional<String> tokenizer = Optional.empty();

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
            description =
                    "A folder of the pod that can be written; default: /work/nimload, for genai-perf /results/nimload on its volume.")
    private Optional<String> dir = Optional.empty();

    RunCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws Exception {
        if (attach && stop) {
            throw new ParameterException(spec.commandLine(), "--attach and --stop: give one of them");
        }
        boolean genaiPerf = tool.equals(GenaiPerfTool.NAME);
        requireFitting(genaiPerf);
        Path root = edges.folder().toAbsolutePath().normalize().getParent();
        Path to = results.orElseGet(() -> root.resolve("nim-results"));
        Path tar = suite.orElseGet(() -> root.resolve("target/nimload-suite.tar"));
        return genaiPerf ? genaiPerf(root, to, tar) : simulation(to, tar);
    }

    private void requireFitting(boolean genaiPerf) {
        if (!genaiPerf && !tool.equals(SIMULATION)) {
            throw new ParameterException(
                    spec.commandLine(), "--tool " + tool + ": is none; give simulation or genai-perf");
        }
        if (!genaiPerf && tokenizer.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--tokenizer: is for --tool genai-perf");
        }
        for (String option : genaiPerf ? OF_SIMULATIONS : List.<String>of()) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + ": is for simulations; --tool genai-perf sends the guide's grid as it is");
            }
        }
    }

    private int simulation(Path to, Path tar) throws Exception {
        RunSettings settings = new RunSettings(set);
        // Before the cluster: nothing is made there for an archive that is not here.
        Optional<Suite> archive = attach || stop ? Optional.empty() : Optional.of(Suite.read(tar));
        Optional<String> full = archive.map(read -> read.simulation(simulation));
        try (Workplace work = new Workplace(edges, options)) {
            SimulationTool simulations = new SimulationTool(work);
            PodRun run = PodRun.in(work, simulations, to, dir.orElse("/work/nimload"));
            if (!attach && !stop) {
                simulations.start(run, archive.orElseThrow(), full.orElseThrow(), settings, embedded);
            }
            return end(run);
        }
    }

    private int genaiPerf(Path root, Path to, Path tar) throws Exception {
        List<GenaiLevel> grid = GenaiGrid.read(root.resolve("simulations-data/published-grid.json"));
        String home = dir.orElse("/results/nimload");
        try (Workplace work = new Workplace(edges, options)) {
            GenaiPerfTool genaiPerf = new GenaiPerfTool(
                    work, to, new GenaiImport(tar, edges.target().resolve("import")));
            PodRun run = PodRun.in(work, genaiPerf, to, home);
            if (!attach && !stop) {
                genaiPerf.start(run, grid, home, tokenizer);
            }
            return end(run);
        }
    }

    private int end(PodRun run) throws InterruptedException, IOException {
        if (stop) {
            return run.stop();
        }
        return attach ? run.attach() : run.followAndFetch();
    }
}
