package nimload.deploy.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;

/** Reads {@code nims.yaml}. Settings that it leaves out have the default of the shipped file; misspelt ones are refused. */
public final class SettingsFile {

    /** RFC 1123 label, as Kubernetes requires of a namespace. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** Helm allows 53 characters, so that the names of a release's objects stay under 63. */
    private static final Pattern RELEASE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?");

    private static final Pattern QUANTITY = Pattern.compile("[1-9][0-9]*([EPTGMk]|[EPTGMK]i)?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9]+([._/-]+[a-z0-9]+)*");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern TEXT = Pattern.compile(".+");
    private static final Pattern UPGRADE = Pattern.compile("(recreate|rolling)?");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private SettingsFile() {}

    /** @throws SettingsException if the file is missing, is not YAML, or has invalid settings; the message starts with the file, line and column */
    public static Settings read(Path file) {
        StringWriter text = new StringWriter();
        try (Reader reader = new YamlUnicodeReader(Files.newInputStream(file))) {
            reader.transferTo(text);
        } catch (IOException e) {
            throw new SettingsException(
                    file + ": no readable settings file; use --settings, or restore deploy/nims.yaml");
        }
        return parse(file.toString(), text.toString());
    }

    /** The settings in a YAML text. */
    public static Settings parse(String yaml) {
        return parse("nims.yaml", yaml);
    }

    private static Settings parse(String file, String yaml) {
        Source source = new Source(file, yaml, new HashMap<>());
        Section top = new Section(source, "", source.root());
        Settings settings = new Settings(
                source,
                images(top.section("images")),
                proxy(top.section("proxy")),
                benchmark(top.section("benchmark")),
                nim(Nim.EMBEDDING, top.section("embedding")),
                nim(Nim.RERANKING, top.section("reranking")));
        top.end();
        if (settings.embedding().namespace().equals(settings.reranking().namespace())
                && settings.embedding().release().equals(settings.reranking().release())) {
            throw new SettingsException(source.at("embedding.release") + " and "
                    + source.at("reranking.release") + ": both are \""
                    + settings.embedding().release() + "\" in namespace \""
                    + settings.embedding().namespace() + "\"; rename one of them");
        }
        return settings;
    }

    private static Settings.Images images(Section section) {
        Settings.Images images = new Settings.Images(
                section.string(
                        "registry",
                        Settings.NVIDIA_REGISTRY,
                        HOST,
                        "give a host with an optional port, e.g. registry: harbor.example.com:5000"),
                section.string("pullSecret", "ngc-secret", LABEL, "give a Secret's name, e.g. pullSecret: ngc-secret"),
                section.optional("tokenHost"));
        section.end();
        return images;
    }

    private static Settings.Proxy proxy(Section section) {
        Settings.Proxy proxy = new Settings.Proxy(
                section.address("http"),
                section.address("https"),
                section.string(
                        "noProxy",
                        "localhost,127.0.0.1,.svc,.cluster.local",
                        ANY,
                        "give hosts, with a comma between them"));
        section.end();
        return proxy;
    }

    private static Settings.Benchmark benchmark(Section section) {
        Settings.Benchmark benchmark = new Settings.Benchmark(
                section.string(
                        "namespace", "nim-benchmark", LABEL, "give a namespace's name, e.g. namespace: nim-benchmark"),
                section.optional("suiteImage"),
                section.string("loadGeneratorImage", "docker.io/library/eclipse-temurin:17-jre", TEXT, "give an image"),
                section.string("genaiPerfImage", "nvcr.io/nvidia/tritonserver:25.01-py3-sdk", TEXT, "give an image"),
                section.string("aiperfImage", "nvcr.io/nvidia/ai-dynamo/aiperf:0.12.0", TEXT, "give an image"));
        section.end();
        return benchmark;
    }

    private static NimSettings nim(Nim nim, Section section) {
        boolean embedding = nim == Nim.EMBEDDING;
        String version = embedding ? "1.5.0" : "1.3.0";
        String chart = section.string(
                "chart",
                "https://helm.ngc.nvidia.com/nim/nvidia/charts/text-" + nim + "-nim",
                TEXT,
                "give an https address, or the path of a chart's folder or .tgz");
        NimSettings settings = new NimSettings(
                nim,
                section.string(
                        "namespace", nim + "-nim", LABEL, "give a namespace's name, e.g. namespace: " + nim + "-nim"),
                section.string(
                        "release",
                        embedding ? "embedder" : "reranker",
                        RELEASE,
                        "use at most 53 lower-case letters, digits and -"),
                chart,
                section.string(
                        "chartVersion",
                        version,
                        NimSettings.needsVersion(chart) ? TEXT : ANY,
                        "the chart's address needs it, e.g. chartVersion: \"" + version + "\""),
                section.string(
                        "image",
                        embedding ? "nim/nvidia/nv-embedqa-e5-v5" : "nim/nvidia/llama-3.2-nv-rerankqa-1b-v2",
                        REPOSITORY,
                        "give the repository without registry and tag, e.g. image: nim/nvidia/nv-embedqa-e5-v5"),
                section.string("tag", version, TAG, "give an image's tag, e.g. tag: \"" + version + "\""),
                section.string(
                        "model",
                        embedding ? "nvidia/nv-embedqa-e5-v5" : "nvidia/llama-3.2-nv-rerankqa-1b-v2",
                        TEXT,
                        "give the model's id in requests"),
                section.wholeNumber("gpus", 1),
                section.count("replicas", 1),
                persistence(section.section("persistence")),
                Optional.of(section.string("upgrade", "", UPGRADE, "use recreate or rolling"))
                        .filter(value -> !value.isEmpty()),
                section.optional("configTemplate"));
        Section resources = section.section("resources");
        resources.section("limits");
        resources.section("requests");
        resources.take("claims");
        resources.end();
        section.section("values")
                .section("nim")
                .refuse(
                        "ngcAPIKey",
                        "a key must not be in values, which Helm stores and shows; remove it and export NGC_API_KEY instead");
        section.end();
        return settings;
    }

    private static NimSettings.Persistence persistence(Section section) {
        NimSettings.Persistence persistence = new NimSettings.Persistence(
                section.flag("enabled", true),
                section.string("size", "50Gi", QUANTITY, "give a quantity, e.g. size: 50Gi"),
                section.optional("storageClass"),
                section.optional("existingClaim"));
        section.end();
        return persistence;
    }
}
