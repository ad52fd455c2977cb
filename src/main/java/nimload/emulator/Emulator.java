package nimload.emulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import nimload.CommandLineTool;
import nimload.Spelling;
import nimload.UserError;
import nimload.faults.FaultServer;
import nimload.faults.Script;
import nimload.faults.ScriptFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The embedded NIM as a process: {@code mvn compile exec:java@emulator}. Runs until it is ended. */
@Command(
        name = "emulator",
        customSynopsis = "mvn compile exec:java@emulator [-Dexec.args=\"OPTIONS\"]",
        description = {
            "Starts the embedded NIM on 127.0.0.1 for curl or any client, until Ctrl-C ends it. It stands in for both NIMs, with the"
                    + " times of a modelled H200 unless you give others; what is measured against it is not a measurement of NVIDIA's NIM.",
            "Each option can be given as a system property too; the option wins."
        },
        footer = "  mvn compile exec:java@emulator -Dexec.args=\"--port 8000\"")
public final class Emulator implements Callable<Integer> {
    private static final String PROPERTIES = "emulator.";
    private static final String PORT = PROPERTIES + "port";
    private static final String FIXED_DELAY = PROPERTIES + "fixedDelayMillis";
    private static final String SLOWDOWN = PROPERTIES + "slowdown";
    private static final String TIMES = PROPERTIES + "times";
    private static final String MODEL = PROPERTIES + "model";
    private static final String STRICT = PROPERTIES + "strict";
    private static final String REPLICAS = PROPERTIES + "replicas";
    private static final String QUEUE_LIMIT = PROPERTIES + "queueLimit";
    private static final String FAULTS = PROPERTIES + "faults";
    private static final String FAULT = PROPERTIES + "fault";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Port.class,
            defaultValue = "${sys:" + PORT + ":-8000}",
            description = "0 takes any free port; default: ${DEFAULT-VALUE} (-D" + PORT + ").")
    private int port;

    @Option(
            names = "--fixed-delay-millis",
            paramLabel = "MILLIS",
            converter = Millis.class,
            defaultValue = "${sys:" + FIXED_DELAY + "}",
            description = "Answer after this delay instead of the modelled GPU's time (-D" + FIXED_DELAY + ").")
    private Optional<Duration> fixedDelay = Optional.empty();

    @Option(
            names = "--slowdown",
            paramLabel = "FACTOR",
            converter = Factor.class,
            defaultValue = "${sys:" + SLOWDOWN + ":-1}",
            description = "Multiply all times of the modelled GPU, e.g. by 1.05; default: ${DEFAULT-VALUE} (-D"
                    + SLOWDOWN + ").")
    private double slowdown;

    @Option(
            names = "--times",
            paramLabel = "FILE",
            defaultValue = "${sys:" + TIMES + "}",
            description =
                    "Take the service times of this file instead of the H200's: a twin.json that exec:java@fit wrote,"
                            + " or a file like simulations-data/h200-service-times.json (-D" + TIMES + ").")
    private Optional<Path> times = Optional.empty();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            split = ",",
            defaultValue = "${sys:" + MODEL + "}",
            description =
                    "Serve this model instead of the two of NVIDIA's guide: one that simulations-data/models.yaml lists,"
                            + " or a YAML file like it. One embedding and one reranking model can be given (-D" + MODEL
                            + ").")
    private List<String> models = List.of();

    @Option(
            names = "--strict",
            arity = "1",
            paramLabel = "true|false",
            converter = TrueOrFalse.class,
            defaultValue = "${sys:" + STRICT + ":-true}",
            description = "false takes unknown fields, empty texts, and any dimensions and embedding_type;"
                    + " default: ${DEFAULT-VALUE} (-D" + STRICT + ").")
    private boolean strict;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            converter = Replicas.class,
            defaultValue = "${sys:" + REPLICAS + ":-1}",
            description = "Start N servers, each with a modelled GPU, on PORT and the ports after it;"
                    + " default: ${DEFAULT-VALUE} (-D" + REPLICAS + ").")
    private int replicas;

    @Option(
            names = "--queue-limit",
            paramLabel = "N",
            defaultValue = "${sys:" + QUEUE_LIMIT + "}",
            description = "Answer 503 while N requests wait for the modelled GPU (-D" + QUEUE_LIMIT + ").")
    private OptionalInt queueLimit = OptionalInt.empty();

    @Option(
            names = "--faults",
            paramLabel = "FILE",
            defaultValue = "${sys:" + FAULTS + "}",
            description =
                    "Do what this script of faults says; examples are in simulations-data/faults (-D" + FAULTS + ").")
    private Optional<Path> faults = Optional.empty();

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            defaultValue = "${sys:" + FAULT + "}",
            description = "Only the fault of the script that has this name (-D" + FAULT + ").")
    private Optional<String> fault = Optional.empty();

    public static void main(String[] args) {
        CommandLineTool.main(new Emulator(), args);
    }

    @Override
    public Integer call() throws Exception {
        requireKnownProperties(
                List.of(PORT, FIXED_DELAY, SLOWDOWN, TIMES, MODEL, STRICT, REPLICAS, QUEUE_LIMIT, FAULTS, FAULT));
        Emulation emulation = emulation();
        Optional<Script> script =
                faults.map(ScriptFile::read).map(all -> fault.map(all::only).orElse(all));
        List<AutoCloseable> servers = new ArrayList<>();
        List<String> urls = new ArrayList<>();
        try {
            for (int replica = 1; replica <= replicas; replica++) {
                int at = port == 0 ? 0 : port + replica - 1;
                EmbeddedNim nim = start(() -> EmbeddedNim.start(script.isPresent() ? 0 : at, emulation), servers);
                URI url = nim.url();
                if (script.isPresent()) {
                    int number = replica;
                    url = start(() -> FaultServer.start(at, nim.url(), script.get(), number), servers)
                            .url();
                }
                urls.add(url.toString());
            }
            spec.commandLine()
                    .getOut()
                    .println(emulation.label()
                            + script.map(from -> " with the faults of " + from.source())
                                    .orElse("") + " at "
                            + String.join(",", urls) + " (Ctrl-C ends it)");
            Thread.currentThread().join();
        } finally {
            for (AutoCloseable server : servers) {
                server.close();
            }
        }
        return 0;
    }

    private Emulation emulation() {
        if (fixedDelay.isPresent() && slowdown != 1) {
            throw wrongUse("--fixed-delay-millis and --slowdown exclude each other; give one of them");
        }
        if (fixedDelay.isPresent() && queueLimit.isPresent()) {
            throw wrongUse("--fixed-delay-millis and --queue-limit exclude each other, since nothing waits then;"
                    + " give one of them");
        }
        if (fixedDelay.isPresent() && times.isPresent()) {
            throw wrongUse("--fixed-delay-millis and --times exclude each other; give one of them");
        }
        if (port + replicas > 65_536) {
            throw wrongUse("--port " + port + " with --replicas " + replicas
                    + ": the last port would be beyond 65535; give smaller ones");
        }
        if (fault.isPresent() && faults.isEmpty()) {
            throw wrongUse("--fault " + fault.get() + " without a script; give --faults FILE too");
        }
        Emulation guide = Emulation.ofTheGuide();
        Emulation asked = new Emulation(
                models.isEmpty() ? guide.models() : ModelFile.read(models),
                strict,
                queueLimit,
                guide.times(),
                slowdown,
                fixedDelay,
                false);
        return times.map(file -> with(TimesFile.read("--times " + file, file), file, asked))
                .orElse(asked);
    }

    /** Of the guide's models those that have times; all that the user names. */
    private Emulation with(TimesFile read, Path file, Emulation asked) {
        asked.models().stream()
                .filter(model -> !models.isEmpty() && !read.times().containsKey(model.kind()))
                .findFirst()
                .ifPresent(model -> {
                    throw new UserError(
                            "--times " + file + " has no " + model.kind().key() + " times, which --model " + model.id()
                                    + " needs; leave out that model, or give a file that has them");
                });
        return asked.withTimes(read);
    }

    private ParameterException wrongUse(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private static <S extends AutoCloseable> S start(Supplier<S> server, List<AutoCloseable> started) {
        try {
            S running = server.get();
            started.add(running);
            return running;
        } catch (UserError taken) {
            throw new UserError(taken.getMessage() + " with --port", taken);
        }
    }

    private void requireKnownProperties(List<String> known) {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES) && !known.contains(name))
                .findFirst()
                .ifPresent(unknown -> {
                    throw wrongUse("-D" + unknown + ": unknown property; did you mean -D"
                            + Spelling.nearest(unknown, known) + "?");
                });
    }

    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return CommandLineTool.wholeNumber(text, 0, 65_535);
        }
    }

    static final class Millis implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.ofMillis(CommandLineTool.wholeNumber(text, 0, 99_999));
        }
    }

    static final class Factor implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (!text.matches("\\d(\\.\\d{1,4})?") || Double.parseDouble(text) == 0) {
                throw new TypeConversionException("not a factor above 0 and below 10; give e.g. 1.05");
            }
            return Double.parseDouble(text);
        }
    }

    static final class Replicas implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return CommandLineTool.wholeNumber(text, 1, 64);
        }
    }

    static final class TrueOrFalse implements ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String text) {
            if (!text.matches("true|false")) {
                throw new TypeConversionException("neither true nor false; give one of them");
            }
            return text.equals("true");
        }
    }
}
