package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.OptionalDouble;
import nimload.UserError;
import nimload.nim.WireForm;
import nimload.plan.LoadPoint;
import nimload.preflight.NimClient;
import nimload.preflight.Target;
import nimload.run.Body.Arrangement;

/** One request of a level outside of it, to see whether its NIM answers and how fast. No level sends its body. */
record SingleRequest(
        NimClient client,
        WireForm form,
        Target target,
        RequestFactory requests,
        AnswerCheck check,
        LoadPoint point,
        Duration longest) {
    private static final int SERIES = 0;
    private static final Duration LONGEST = Duration.ofSeconds(5);

    static SingleRequest of(RunPlan run, LoadPoint point) {
        Target target = run.target(point);
        WireForm form = run.settings().requests().form(point.workload().nim());
        return new SingleRequest(
                Nims.client(run.settings(), point.workload().nim()),
                form,
                target,
                run.nims().requests().get(point.workload()),
                new AnswerCheck(
                        form,
                        ExpectedAnswer.of(target, run.settings().requests().embedding()),
                        run.settings().headers(point.workload().nim()),
                        point.texts().isPresent()),
                point,
                LONGEST);
    }

    /** One that waits for its answer at least as long. */
    SingleRequest waiting(Duration atLeast) {
        return new SingleRequest(
                client, form, target, requests, check, point, atLeast.compareTo(longest) > 0 ? atLeast : longest);
    }

    boolean answeredRightly() {
        return millis(0).isPresent();
    }

    /**
     * From before the connection is looked for to the last byte, ms, of the slowest replica; empty if one does not answer
     * rightly.
     *
     * @param number of the body
     */
    OptionalDouble millis(int number) {
        Body body = requests.body(point, SERIES, number, Arrangement.WHOLE);
        double slowest = 0;
        for (URI replica : target.replicas()) {
            try {
                long sent = System.nanoTime();
                NimClient.Answer answer = client.post(replica, form.route(), body.bytes(), longest);
                slowest = Math.max(slowest, (System.nanoTime() - sent) / 1e6);
                if (!check.of(answer.status(), true, answer.body(), body.items(), true)
                        .right()) {
                    return OptionalDouble.empty();
                }
            } catch (UserError e) {
                return OptionalDouble.empty();
            }
        }
        return OptionalDouble.of(slowest);
    }
}
