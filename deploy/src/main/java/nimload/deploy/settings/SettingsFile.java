package nimload.deploy.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads {@code nims.yaml}. Settings that it leaves out have the default of the shipped file; misspelt ones are refused. */
public final class SettingsFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** RFC 1123 label, as Kubernetes requires of a namespace. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** Helm allows 53 characters, so that the names of a release's objects stay under 63. */
    private static final Pattern RELEASE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?");

    private static final Pattern QUANTITY = Pattern.compile("[1-9][0-9]*([EPTGMk]|[EPTGMK]i)?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9]+([._/-]+[a-z0-9]+)*");
    private static final Pattern UPGRADE = Pattern.compile("(recreate|rolling)?");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private SettingsFile() {}

    /** @throws SettingsException if the file is missing, is not YAML, or has invalid settings; the message starts with the file's name */
    public static Settings read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new SettingsException(
                    file + ": no readable settings file; use --settings, or restore deploy/nims.yaml");
        }
        try {
            return parse(text);
        } catch (SettingsException e) {
            throw new SettingsException(file + ": " + e.getMessage());
        }
    }

    /** The settings in a YAML text. */
    public static Settings parse(String yaml) {
        Section top = new Section("", mapping(yaml));
        Settings settings = new Settings(
                images(top.section("images")),
                proxy(top.section("proxy")),
                benchmark(top.section("benchmark")),
                nim(Nim.EMBEDDING, top.section("embedding")),
                nim(Nim.RERANKING, top.section("reranking")));
        top.end();
        if (settings.embedding().namespace().equals(settings.reranking().namespace())
                && settings.embedding().release().equals(settings.reranking().release())) {
            throw new SettingsException("embedding.release and reranking.release: both are \""
                    + settings.embedding().release() + "\" in namespace \""
                    + settings.embedding().namespace() + "\"; rename one of them");
        }
        return settings;
    }

    /** A file with only comments is an empty mapping. */
    private static Map<String, Object> mapping(String yaml) {
        JsonNode root;
        try {
            root = YAML.readTree(yaml);
        } catch (JacksonException e) {
            throw new SettingsException("not YAML ("
                    + e.getOriginalMessage().lines().findFirst().orElse("no reason given") + ", line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
                    + "); compare it with deploy/nims.yaml");
        }
        if (root.isMissingNode() || root.isNull()) {
            return Map.of();
        }
        if (!root.isObject()) {
            throw new SettingsException("not a mapping but a text or list; compare it with deploy/nims.yaml");
        }
        return YAML.convertValue(root, new TypeReference<Map<String, Object>>() {});
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
                section.optional("http"),
                section.optional("https"),
                section.string("noProxy", "localhost,127.0.0.1,.svc,.cluster.local"));
        section.end();
        return proxy;
    }

    private static Settings.Benchmark benchmark(Section section) {
        Settings.Benchmark benchmark = new Settings.Benchmark(
                section.string(
                        "namespace", "nim-benchmark", LABEL, "give a namespace's name, e.g. namespace: nim-benchmark"),
                section.optional("storageClass"),
                section.string("size", "20Gi", QUANTITY, "give a quantity, e.g. size: 20Gi"),
                section.string("genaiPerfImage", "nvcr.io/nvidia/tritonserver:25.01-py3-sdk"),
                section.string("loadGeneratorImage", "docker.io/library/eclipse-temurin:17-jre"));
        section.end();
        return benchmark;
    }

    private static NimSettings nim(Nim nim, Section section) {
        boolean embedding = nim == Nim.EMBEDDING;
        String chartName = embedding ? "text-embedding-nim" : "text-reranking-nim";
        Optional<String> chart = section.optional("chart");
        Optional<String> chartVersion = section.optional("chartVersion");
        NimSettings settings = new NimSettings(
                nim,
                section.string(
                        "namespace", nim + "-nim", LABEL, "give a namespace's name, e.g. namespace: " + nim + "-nim"),
                section.string(
                        "release",
                        embedding ? "embedder" : "reranker",
                        RELEASE,
                        "use at most 53 lower-case letters, digits and -"),
                chart.orElse("https://helm.ngc.nvidia.com/nim/nvidia/charts/" + chartName),
                chart.isPresent() ? chartVersion : chartVersion.or(() -> Optional.of(embedding ? "1.5.0" : "1.3.0")),
                section.string(
                        "image",
                        embedding ? "nim/nvidia/nv-embedqa-e5-v5" : "nim/nvidia/llama-3.2-nv-rerankqa-1b-v2",
                        REPOSITORY,
                        "give the repository without registry and tag, e.g. image: nim/nvidia/nv-embedqa-e5-v5"),
                section.string("tag", embedding ? "1.5.0" : "1.3.0", TAG, "give an image's tag, e.g. tag: \"1.5.0\""),
                section.string("model", embedding ? "nvidia/nv-embedqa-e5-v5" : "nvidia/llama-3.2-nv-rerankqa-1b-v2"),
                section.wholeNumber("gpus", 1),
                section.map("resources"),
                persistence(section.section("persistence")),
                Optional.of(section.string("upgrade", "", UPGRADE, "use recreate or rolling"))
                        .filter(value -> !value.isEmpty()),
                section.optional("configTemplate"),
                section.map("values"));
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
