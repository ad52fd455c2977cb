package nimload.deploy.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import nimload.deploy.DeployException;
import nimload.deploy.Edges;
import nimload.deploy.load.ClusterRun;
import nimload.deploy.load.InClusterEndpoints;
import nimload.deploy.load.InputFiles;
import nimload.deploy.load.RunJob;
import nimload.deploy.load.RunSettings;
import nimload.deploy.load.Suite;
import nimload.deploy.load.SuiteCommand;
import nimload.deploy.load.Tool;
import nimload.deploy.load.ToolLevels;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a load test inside the cluster, as the Job nimload-run, and fetches its results.",
            "",
            "The suite (mvn package -DskipTests builds it) is uploaded into the Job's pod, unless benchmark.suiteImage names an image that holds"
                    + " it. run prints the pod's log and copies results and Gatling's report to nim-results/<run>, as if it had run here."
                    + " Ctrl-C or a lost connection leaves it running: --attach follows it again, --stop ends it. The NIMs' addresses come"
                    + " from target/endpoints.json, as seen from inside the cluster. NIM_API_KEY is passed on if it is set here; other"
                    + " environment variables are not.",
            "",
            "--tool genai-perf runs the same grid with the guide's command lines and one --artifact-dir per level, --tool aiperf with those of"
                    + " AIPerf. What the tool exports is copied to nim-results/<run>-<tool> and converted to a run that compare and the page"
                    + " accept. A level that fails does not stop the others.",
            "",
            "--timeout limits how long the run may take to begin, and how long the pod may be unreachable. The exit code is the run's: 0 good, 1"
                    + " broken, 2 not begun, 3 not quotable with nim.strict."
        })
class RunCommand implements Callable<Integer> {

    private static final String SIMULATION = "simulation";
    private static final String KEY = "NIM_API_KEY";

    /** What nim.generator takes. */
    static final int MOST_GENERATORS = 1000;

    /** tool.sh: no tokenizer could be loaded. */
    private static final int NO_TOKENIZER = 3;

    /** Options that apply only to simulations. */
    private static final List<String> OF_SIMULATIONS =
            List.of("--simulation", "--set", "--embedded", "--generators", "--prepare");

    private final Edges edges;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--tool",
            paramLabel = "TOOL",
            defaultValue = SIMULATION,
            description = "simulation, genai-perf or aiperf; default: ${DEFAULT-VALUE}.")
    private String tool;

    @Option(
            names = "--tokenizer",
            paramLabel = "NAME|FOLDER",
            description =
                    "With --tool genai-perf or aiperf: a Hugging Face tokenizer, or a folder of the image; default: genai-perf's own, builtin"
                            + " for aiperf.")
    private Optional<String> tokenizer = Optional.empty();

    @Option(
            names = "--simulation",
            paramLabel = "CLASS",
            defaultValue = "PublishedGridSimulation",
            description = "A class in src/test/java/nimload/simulation; default: ${DEFAULT-VALUE}.")
    private String simulation;

    @Option(
            names = {"-D", "--set"},
            paramLabel = "nim.x.y=VALUE",
            description = "A setting of the run, as for mvn gatling:test; repeatable.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--generators",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Pods that send each level's load together, 1 to 1000; their runs are merged; default: ${DEFAULT-VALUE}.")
    private int generators;

    @Option(
            names = "--prepare",
            paramLabel = "DURATION",
            converter = Options.DurationConverter.class,
            defaultValue = "2m",
            description =
                    "With --generators: from the moment at which the last pod has its start to the first level, for a JVM to start, learn and"
                            + " rehearse; default: ${DEFAULT-VALUE}.")
    private Duration prepare;

    @Option(names = "--attach", description = "Follow the run, or fetch it if it has ended.")
    private boolean attach;

    @Option(names = "--stop", description = "End the run and fetch what it measured.")
    private boolean stop;

    @Option(
            names = "--embedded",
            description = "Measure the embedded NIM inside the pod: tries the whole path without a real NIM.")
    private boolean embedded;

    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description = "Default: the root project's target/nimload-suite.tar.")
    private Optional<Path> suite = Optional.empty();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where fetched runs go; default: the root project's nim-results.")
    private Optional<Path> results = Optional.empty();

    RunCommand(Edges edges) {
        this.edges = edges;
    }

    final Edges edges() {
        return edges;
    }

    /** What else is set for a kind of run; the user's settings come last. */
    Map<String, String> defaults() {
        return Map.of();
    }

    /** Where results go unless --results says otherwise. */
    Path defaultResults(Path root) {
        return root.resolve("nim-results");
    }

    @Override
    public Integer call() throws Exception {
        if (attach && stop) {
            throw new ParameterException(spec.commandLine(), "--attach and --stop: use only one of them");
        }
        if (generators < 1 || generators > MOST_GENERATORS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--generators " + generators + ": not 1 to " + MOST_GENERATORS + "; give e.g. --generators 2");
        }
        requireFitting();
        Path root = edges.folder().toAbsolutePath().normalize().getParent();
        Path to = results.orElseGet(() -> defaultResults(root));
        Path tar = suite.orElseGet(() -> root.resolve("target/nimload-suite.tar"));
        Map<String, String> all = new TreeMap<>(defaults());
        all.putAll(set);
        InputFiles files = InputFiles.of(all, root);
        RunSettings settings = new RunSettings(files.settings());
        try (Workplace work = new Workplace(edges, options)) {
            // Before connecting: nothing is created in the cluster for an archive that is missing here.
            Optional<Suite> archive = attach
                            || stop
                            || other().isPresent()
                            || work.settings.benchmark().suiteImage().isPresent()
                    ? Optional.empty()
                    : Optional.of(Suite.read(tar));
            String full = archive.map(read -> read.simulation(simulation)).orElseGet(() -> Suite.fullName(simulation));
            ClusterRun run = work.clusterRun(to);
            if (stop) {
                Optional<ClusterRun.Fetched> fetched = run.stop();
                return fetched.isPresent() ? finish(work, fetched.get(), to, tar) : 0;
            }
            if (!attach) {
                work.prerequisites(false, false)
                        .namespace(work.settings.benchmark().namespace());
                Path grid = root.resolve("simulations-data/published-grid.json");
                RunJob.Spec what = other().isPresent()
                        ? otherTool(work, other().get(), grid)
                        : simulation(work, archive, full, settings, files.files());
                run.start(what, options.nims().stream().map(work.settings::of).toList());
            }
            return finish(work, run.follow(() -> archive.orElseGet(() -> Suite.read(tar))), to, tar);
        }
    }

    private Optional<Tool> other() {
        return Tool.of(tool);
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private void requireFitting() {
        boolean simulation = tool.equals(SIMULATION);
        if (!simulation && other().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--tool " + tool + ": unknown tool; use simulation, genai-perf or aiperf");
        }
        if (simulation && tokenizer.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--tokenizer: only valid with --tool genai-perf or aiperf");
        }
        if (simulation && generators == 1 && given("--prepare")) {
            throw new ParameterException(
                    spec.commandLine(), "--prepare: only valid with several generators; add e.g. --generators 2");
        }
        for (String option : simulation ? List.<String>of() : OF_SIMULATIONS) {
            if (given(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + ": only valid for simulations; --tool " + tool
                                + " sends the published grid unchanged");
            }
        }
    }

    private RunJob.Spec simulation(
            Workplace work, Optional<Suite> archive, String full, RunSettings settings, Map<String, String> files) {
        Optional<String> endpoints = embedded ? Optional.empty() : endpoints(work);
        if (!embedded && endpoints.isEmpty() && !settings.namesANim()) {
            throw nothingToMeasure("run up, or add -D nim.embedding.url=http://… or -D nim.reranking.url=http://…;"
                    + " --embedded tries it without a NIM");
        }
        Settings.Benchmark benchmark = work.settings.benchmark();
        List<String> command = new ArrayList<>(
                List.of((archive.isPresent() ? "/work/suite/" : Suite.IN_AN_IMAGE) + Suite.COMMAND, full));
        // The starting machine's time zone names the directories and dates the reports.
        command.add("-Duser.timezone=" + ZoneId.systemDefault().getId());
        Map<String, String> inputs = new TreeMap<>(files);
        endpoints.ifPresent(json -> {
            inputs.put("endpoints.json", json);
            command.add("-Dnim.endpoints=/input/endpoints.json");
        });
        command.addAll(settings.arguments());
        String image = archive.isPresent()
                ? benchmark.loadGeneratorImage()
                : benchmark.suiteImage().orElseThrow();
        return new RunJob.Spec(
                name(ZoneOffset.UTC) + "-" + full.substring(full.lastIndexOf('.') + 1),
                "",
                image,
                command,
                Map.of(),
                archive,
                inputs,
                key(),
                pullSecret(work, image),
                generators,
                prepare);
    }

    private RunJob.Spec otherTool(Workplace work, Tool other, Path grid) {
        JsonNode endpoints = new JsonMapper().readTree(endpoints(work).orElseThrow(() -> nothingToMeasure("run up")));
        Map<Nim, ToolLevels.Target> targets = new EnumMap<>(Nim.class);
        for (Nim nim : options.nims()) {
            JsonNode endpoint = endpoints.path(nim.toString());
            if (endpoint.isObject()) {
                targets.put(
                        nim,
                        new ToolLevels.Target(
                                endpoint.path(InClusterEndpoints.SERVICE)
                                        .asString(endpoint.path("url").asString("")),
                                endpoint.path("model").asString("")));
            } else {
                edges.out().println(nim + ": not in endpoints.json, its levels are skipped; run up to include them");
            }
        }
        Map<String, String> environment = new TreeMap<>();
        work.settings.proxy().https().ifPresent(proxy -> {
            environment.put("HTTPS_PROXY", proxy);
            environment.put("NO_PROXY", work.settings.proxy().noProxy());
        });
        String image = other.image(work.settings.benchmark());
        return new RunJob.Spec(
                name(ZoneOffset.UTC) + "-" + tool,
                tool,
                image,
                ToolLevels.command(other, name(ZoneId.systemDefault())),
                environment,
                Optional.empty(),
                ToolLevels.files(other, grid, targets, tokenizer),
                Optional.empty(), // the commands send no key
                pullSecret(work, image),
                1,
                prepare);
    }

    private static Optional<String> pullSecret(Workplace work, String image) {
        return image.startsWith(work.settings.images().registry() + "/")
                ? work.prerequisites(false, false)
                        .pullSecretIn(work.settings.benchmark().namespace())
                : Optional.empty();
    }

    private Optional<String> endpoints(Workplace work) {
        return InClusterEndpoints.of(
                work.endpointsFile().read(), work.context(), options.nims(), work.client(), edges.out()::println);
    }

    private DeployException nothingToMeasure(String next) {
        return new DeployException(edges.target().resolve("endpoints.json")
                + ": has none of the selected NIMs, so there is nothing to measure; " + next);
    }

    private Optional<String> key() {
        Optional<String> key =
                Optional.ofNullable(edges.environment().apply(KEY)).filter(value -> !value.isEmpty());
        if (key.filter(value -> value.contains("\n")).isPresent()) {
            throw new DeployException(KEY + ": contains a line break, which no key has; export only the key");
        }
        return key;
    }

    private String name(ZoneId zone) {
        return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(zone)
                .format(edges.time().now());
    }

    private int finish(Workplace work, ClusterRun.Fetched fetched, Path to, Path tar) throws InterruptedException {
        Optional<Tool> other = Tool.of(fetched.tool());
        if (other.isPresent()) {
            if (fetched.folder().isPresent()) {
                new SuiteCommand(tar, edges.target().resolve("import"))
                        .importRun(fetched.folder().get().toAbsolutePath(), to.toAbsolutePath(), edges.out()::println);
            }
            if (fetched.exitCode() == NO_TOKENIZER) {
                throw new DeployException(fetched.tool()
                        + " cannot load its tokenizer: the pod probably cannot reach huggingface.co. Set proxy.https in the"
                        + " settings file; or name an image with a tokenizer folder as benchmark."
                        + other.get().imageSetting() + ", then run --tool " + fetched.tool()
                        + " --tokenizer <folder>");
            }
            return fetched.exitCode();
        }
        if (fetched.tool().equals(ClusterRun.GENERATORS)) {
            if (fetched.folder().isPresent()) {
                new SuiteCommand(tar, edges.target().resolve("merge"))
                        .merge(fetched.folder().get().toAbsolutePath(), to.toAbsolutePath(), edges.out()::println);
                edges.out().println("each generator's run: " + fetched.folder().get());
            }
            return fetched.exitCode();
        }
        fetched.folder().ifPresent(run -> {
            name(
                    "Gatling's report, whole milliseconds and Cnt/s over the whole run: ",
                    run.resolve("gatling/index.html"));
            name("nimload's report, the exact numbers: ", run.resolve("report.html"));
        });
        return fetched.exitCode();
    }

    private void name(String what, Path report) {
        if (Files.exists(report)) {
            edges.out().println(what + report);
        }
    }
}
