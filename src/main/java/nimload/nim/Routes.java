package nimload.nim;

import java.util.Optional;

/** Paths below a NIM's base URL, which ends with the port (no {@code /v1}). */
public final class Routes {
    public static final String EMBEDDINGS = "/v1/embeddings";
    public static final String RANKING = "/v1/ranking";
    public static final String MODELS = "/v1/models";
    public static final String READY = "/v1/health/ready";
    public static final String LIVE = "/v1/health/live";
    public static final String METRICS = "/v1/metrics";
    public static final String METADATA = "/v1/metadata";
    public static final String VERSION = "/v1/version";
    public static final String MANIFEST = "/v1/manifest";
    public static final String LICENSE = "/v1/license";

    private Routes() {}

    /** Whose work is posted to a path; empty for any other path. */
    public static Optional<NimKind> kind(String path) {
        return switch (path) {
            case EMBEDDINGS -> Optional.of(NimKind.EMBEDDING);
            case RANKING -> Optional.of(NimKind.RERANKING);
            default -> Optional.empty();
        };
    }
}
