package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import nimload.plan.ApiKey;
import nimload.plan.LoadPoint;

/**
 * What a level sends, where to, and for how long.
 *
 * @param name unique in a run
 * @param announcement printed as it opens
 * @param server base URL of the NIM
 * @param apiKey hidden wherever a server echoes it; empty if the server gets none
 */
public record LevelPlan(
        String name,
        Optional<String> announcement,
        LoadPoint point,
        URI server,
        RequestFactory requests,
        Times times,
        Optional<ApiKey> apiKey) {

    /**
     * @param warmUp before the measurement, at least
     * @param measurement no request is sent after it
     * @param requestTimeout from send to last byte
     */
    public record Times(Duration warmUp, Duration measurement, Duration requestTimeout) {}

    /** Where its requests are posted to. */
    public URI url() {
        return URI.create(server + point.workload().nim().route());
    }
}
