package nimload.deploy.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that the settings file says, checked. Relative paths in it are relative to the file's folder. */
public record Settings(Images images, Proxy proxy, Benchmark benchmark, NimSettings embedding, NimSettings reranking) {

    /** NVIDIA's registry: its pull secret is made from the NGC key. */
    public static final String NVIDIA_REGISTRY = "nvcr.io";

    /** The Secret whose key {@code NGC_API_KEY} the charts read; its name is fixed there. */
    public static final String API_SECRET = "ngc-api";

    /**
     * Where images come from.
     *
     * @param registry host, and port if any
     * @param tokenHost the host that hands out the registry's tokens, if it is another one: credentials are sent to no third host
     */
    public record Images(String registry, String pullSecret, Optional<String> tokenHost) {

        public boolean fromNvidia() {
            return registry.equals(NVIDIA_REGISTRY);
        }
    }

    /** The proxy that the NIMs download their model through; in-cluster calls bypass it. */
    public record Proxy(Optional<String> http, Optional<String> https, String noProxy) {

        /** As environment variables in both spellings, since programs differ in which they read; empty without a proxy. */
        public List<Map<String, Object>> env() {
            List<Map<String, Object>> env = new ArrayList<>();
            http.ifPresent(url -> add(env, "http_proxy", url));
            https.ifPresent(url -> add(env, "https_proxy", url));
            if (!env.isEmpty()) {
                add(env, "no_proxy", noProxy);
            }
            return env;
        }

        private static void add(List<Map<String, Object>> env, String name, String value) {
            env.add(Map.of("name", name, "value", value));
            env.add(Map.of("name", name.toUpperCase(java.util.Locale.ROOT), "value", value));
        }
    }

    /** The pods that send load from inside the cluster. */
    public record Benchmark(
            String namespace,
            Optional<String> storageClass,
            String size,
            String genaiPerfImage,
            String loadGeneratorImage) {}

    public NimSettings of(Nim nim) {
        return switch (nim) {
            case EMBEDDING -> embedding;
            case RERANKING -> reranking;
        };
    }
}
