package nimload.deploy.load;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import nimload.deploy.settings.Settings;

/** Another load tool that measures the same grid with its own command lines. */
public enum Tool {
    GENAI_PERF(
            "genai-perf",
            "profile_export_genai_perf",
            "genaiPerfImage",
            Settings.Benchmark::genaiPerfImage,
            Optional.empty()),
    /** Without a tokenizer it would ask huggingface.co for one with the model's name; this one is in its package. */
    AIPERF("aiperf", "profile_export_aiperf", "aiperfImage", Settings.Benchmark::aiperfImage, Optional.of("builtin"));

    private final String program;
    private final String export;
    private final String imageSetting;
    private final Function<Settings.Benchmark, String> image;
    private final Optional<String> tokenizer;

    Tool(
            String program,
            String export,
            String imageSetting,
            Function<Settings.Benchmark, String> image,
            Optional<String> tokenizer) {
        this.program = program;
        this.export = export;
        this.imageSetting = imageSetting;
        this.image = image;
        this.tokenizer = tokenizer;
    }

    public static Optional<Tool> of(String program) {
        return Arrays.stream(values())
                .filter(tool -> tool.program.equals(program))
                .findFirst();
    }

    /** Its name on the command line, here and in the pod. */
    public String program() {
        return program;
    }

    /** The name of the .json and .csv that it leaves of a level. */
    String export() {
        return export;
    }

    /** Below {@code benchmark} in the settings file. */
    public String imageSetting() {
        return imageSetting;
    }

    public String image(Settings.Benchmark settings) {
        return image.apply(settings);
    }

    /** Used unless the user names one; empty for the tool's own default. */
    Optional<String> tokenizer() {
        return tokenizer;
    }
}
