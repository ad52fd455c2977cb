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
 * @param url where its requests are posted to
 * @param warmUp before the measurement, at least
 * @param duration of the measurement: no request is sent after it
 * @param apiKey sent with each request; empty where the NIM asks for none
 */
record LevelPlan(
        String name,
        LoadPoint point,
        URI url,
        RequestFactory requests,
        Duration warmUp,
        Duration duration,
        Duration requestTimeout,
        Optional<ApiKey> apiKey) {}
