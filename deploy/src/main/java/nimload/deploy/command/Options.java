package nimload.deploy.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.deploy.settings.Nim;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options shared by every command. */
final class Options {

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Context in the kubeconfig; default: the current one.")
    Optional<String> context = Optional.empty();

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Default: $KUBECONFIG, then ~/.kube/config.")
    Optional<Path> kubeconfig = Optional.empty();

    @Option(names = "--settings", paramLabel = "FILE", description = "Default: this module's nims.yaml.")
    Optional<Path> settings = Optional.empty();

    @Option(
            names = "--only",
            paramLabel = "NIM",
            converter = NimConverter.class,
            description = "embedding or reranking; default: both.")
    Optional<Nim> only = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "45m",
            description =
                    "Longest wait, e.g. 90s, 45m or 1h; default: ${DEFAULT-VALUE}. A first start downloads image and model.")
    Duration timeout;

    @Option(
            names = "--debug",
            description = "Show what Helm and the Kubernetes client do, and stack traces. Never shows a key.")
    boolean debug;

    List<Nim> nims() {
        return only.map(List::of).orElse(List.of(Nim.values()));
    }

    static final class NimConverter implements ITypeConverter<Nim> {
        @Override
        public Nim convert(String text) {
            for (Nim nim : Nim.values()) {
                if (nim.toString().equals(text)) {
                    return nim;
                }
            }
            throw new TypeConversionException("\"" + text + "\" is not a NIM; use embedding or reranking");
        }
    }

    static final class DurationConverter implements ITypeConverter<Duration> {

        private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([smh])");

        @Override
        public Duration convert(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "\"" + text + "\" is not a duration; use a number followed by s, m or h, e.g. 45m");
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }
}
