package nimload.deploy.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All settings, validated. Relative paths are relative to the folder of the settings file. */
public record Settings(
        Source source, Images images, Proxy proxy, Benchmark benchmark, NimSettings embedding, NimSettings reranking) {

    /** NVIDIA's registry, whose pull secret is created from the NGC key. */
    public static final String NVIDIA_REGISTRY = "nvcr.io";

    /** The Secret from which the charts read {@code NGC_API_KEY}; they fix its name. */
    public static final String API_SECRET = "ngc-api";

    /**
     * Where images come from.
     *
     * @param registry host, and port if any
     * @param tokenHost the host that issues the registry's tokens, if it is another one; credentials go to no third host
     */
    public record Images(String registry, String pullSecret, Optional<String> tokenHost) {

        public boolean fromNvidia() {
            return registry.equals(NVIDIA_REGISTRY);
        }
    }

    /** The proxy for the NIMs' model download; in-cluster calls bypass it. */
    public record Proxy(Optional<String> http, Optional<String> https, String noProxy) {

        /** As environment variables in both spellings, because programs differ in which they read; empty without a proxy. */
        public List<Map<String, Object>> env() {
            List<Map<String, Object>> env = new ArrayList<>();
            http.ifPresent(url -> add(env, "http_proxy", url));
            https.ifPresent(url -> add(env, "https_proxy", url));
            if (!env.isEmpty() && !noProxy.isEmpty()) {
                add(env, "no_proxy", noProxy);
            }
            return env;
        }

        private static void add(List<Map<String, Object>> env, String name, String value) {
            env.add(Map.of("name", name, "value", value));
            env.add(Map.of("name", name.toUpperCase(java.util.Locale.ROOT), "value", value));
        }
    }

    /**
     * The Job that sends load from inside the cluster.
     *
     * @param suiteImage an image that holds the suite; without it the suite is uploaded into {@code loadGeneratorImage}
     */
    public record Benchmark(
            String namespace,
            Optional<String> suiteImage,
            String loadGeneratorImage,
            String genaiPerfImage,
            String aiperfImage) {}

    public NimSettings of(Nim nim) {
        return switch (nim) {
            case EMBEDDING -> embedding;
            case RERANKING -> reranking;
        };
    }
}
