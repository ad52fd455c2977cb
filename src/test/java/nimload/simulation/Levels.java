package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import nimload.run.Benchmark;
import nimload.run.Level;
import nimload.run.LevelPlan;
import nimload.run.LevelSeries;
import nimload.run.PipelineLevel;
import nimload.run.PipelineUser;
import nimload.run.VirtualUser;

/** What every simulation here is made of: protocol, one scenario per level, its request, its injection, the assertions. */
final class Levels {
    private static final Duration PAUSE_WHILE_AWAITED = Duration.ofMillis(200);
    private static final Duration PAUSE_BETWEEN_STEPS = Duration.ofMillis(20);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

    private static final String STEP = "step";

    private Levels() {}

    static HttpProtocolBuilder protocol() {
        return http.disableFollowRedirect()
                .disableCaching()
                .disableAutoReferer()
                .contentTypeHeader("application/json");
    }

    /** First the levels that no report shows (rehearsal and calibration), then the measured ones, then the verdict. */
    static PopulationBuilder oneAfterAnother(Benchmark benchmark) {
        Stream<Level> levels = Stream.concat(benchmark.unreportedLevels().stream(), benchmark.levels().stream());
        List<List<PopulationBuilder>> groups = new ArrayList<>();
        levels.forEach(level -> groups.add(List.of(users(level))));
        benchmark.series().forEach(series -> groups.add(List.of(users(series))));
        benchmark.searches().forEach(searches -> groups.add(List.of(users(searches))));
        if (!benchmark.together().isEmpty()) {
            // All of a group follow the one before it, so there has to be one.
            groups.add(List.of(nothing()));
            groups.add(benchmark.together().stream().map(Levels::users).toList());
        }
        groups.add(List.of(verdict(benchmark)));
        PopulationBuilder all = groups.get(0).get(0);
        for (List<PopulationBuilder> next : groups.subList(1, groups.size())) {
            all = all.andThen(next.toArray(PopulationBuilder[]::new));
        }
        return all;
    }

    private static PopulationBuilder nothing() {
        return scenario("together").exec(session -> session).injectOpen(atOnceUsers(1));
    }

    /**
     * A level's users: the first sends a few requests alone, then all warm up together and go on without a pause: what they
     * send in the measured window counts, what they send after it keeps the server busy until the last of that is answered.
     *
     * <p>{@code injectOpen(atOnceUsers(n))} is a closed model here: the n users arrive together and each loops, sending again
     * after its answer, so n requests are in flight until the level ends. {@code injectClosed} would ramp them over the first
     * second, and replace a user that ends by one on a new connection.
     */
    private static PopulationBuilder users(Level level) {
        return scenario(level.plan().name())
                .asLongAs(session -> level.awaited())
                .on(pause(PAUSE_WHILE_AWAITED))
                .exitHereIf(session -> level.abandoned())
                .exec(level(
                        level.plan(),
                        level.reported(),
                        level.reportsAlone() ? request(level.plan()) : unreported(level.plan()),
                        session -> level))
                .injectOpen(atOnceUsers(Preparation.injected(level.concurrency())));
    }

    /** The users of a series stay for all of its levels, so that no time passes between them. */
    private static PopulationBuilder users(LevelSeries series) {
        int users = series.plan().point().concurrency();
        return scenario(series.plan().name())
                .exec(session -> session.set(STEP, 0))
                .exec(untilKnown(series))
                .asLongAs(session -> series.level(session.getInt(STEP)).isPresent())
                .on(
                        level(
                                series.plan(),
                                true,
                                unreported(series.plan()),
                                session -> series.level(session.getInt(STEP)).orElseThrow()),
                        exec(session -> session.set(STEP, session.getInt(STEP) + 1)),
                        untilKnown(series))
                .injectOpen(atOnceUsers(Preparation.injected(users)));
    }

    /** The users of a retrieval pipeline: some search, the others ingest. */
    private static PopulationBuilder users(PipelineLevel level) {
        ChainBuilder ingests = level.ingestion()
                .map(plan -> asRequestsArrive(request(plan), unreported(plan)))
                .orElse(exec(session -> session));
        return scenario(level.name())
                .exec(session ->
                        session.set("pipeline", level.newUser(session.asScala().eventLoop())))
                .exec(new Wait((session, then) -> pipeline(session).awaitTurn(then)))
                .doIf(session -> pipeline(session).opens())
                .then(doIfOrElse(session -> pipeline(session).ingests())
                        .then(level.ingestion()
                                .map(plan -> opens(PipelineUser::first, plan))
                                .orElse(exec(session -> session)))
                        .orElse(
                                opens(PipelineUser::first, level.embedding()),
                                opens(PipelineUser::last, level.reranking())))
                .exec(new Wait((session, then) -> pipeline(session).awaitOthers(then)))
                .doIfOrElse(session -> pipeline(session).ingests())
                .then(exec(as(PipelineUser::first)), ingests)
                .orElse(searches(level))
                .exec(withPipeline(PipelineUser::leave))
                .injectOpen(atOnceUsers(level.users()));
    }

    private static ChainBuilder opens(Function<PipelineUser, VirtualUser> step, LevelPlan plan) {
        return exec(as(step))
                .exec(with(VirtualUser::openLevel))
                .asLongAs(session -> user(session).sendsAlone())
                .on(send(unreported(plan)));
    }

    private static ChainBuilder searches(PipelineLevel level) {
        ChainBuilder counted = search(request(level.embedding()), request(level.reranking()));
        ChainBuilder other = search(unreported(level.embedding()), unreported(level.reranking()));
        if (level.open()) {
            ChainBuilder nextArrival =
                    exec(new Wait((session, then) -> pipeline(session).awaitArrival(then)));
            return exec(nextArrival)
                    .asLongAs(session -> pipeline(session).arrives())
                    .on(
                            doIfOrElse(session -> pipeline(session).counts())
                                    .then(counted)
                                    .orElse(other),
                            nextArrival);
        }
        ChainBuilder pauseIfFailed = doIf(session -> pipeline(session).failed()).then(pause(PAUSE_AFTER_FAILURE));
        return asLongAs(session -> pipeline(session).warmsUp())
                .on(other, pauseIfFailed)
                .asLongAs(session -> pipeline(session).measures())
                .on(counted, pauseIfFailed)
                .asLongAs(session -> pipeline(session).coolsDown())
                .on(other, pauseIfFailed);
    }

    /** A query is embedded, a pause stands for the vector search, passages are ranked. */
    private static ChainBuilder search(HttpRequestActionBuilder embedding, HttpRequestActionBuilder reranking) {
        return exec(withPipeline(PipelineUser::begins))
                .exec(as(PipelineUser::first))
                .exec(sendNow(embedding))
                .exec(new Wait((session, then) -> pipeline(session).searchesVectors(then)))
                .doIf(session -> pipeline(session).goesOn())
                .then(exec(withPipeline(PipelineUser::ranks)), exec(as(PipelineUser::last)), sendNow(reranking))
                .exec(withPipeline(PipelineUser::searched));
    }

    private static ChainBuilder untilKnown(LevelSeries series) {
        return asLongAs(session -> series.awaits(session.getInt(STEP))).on(pause(PAUSE_BETWEEN_STEPS));
    }

    private static ChainBuilder level(
            LevelPlan common, boolean reported, HttpRequestActionBuilder alone, Function<Session, Level> level) {
        HttpRequestActionBuilder counted = reported ? request(common) : unreported(common);
        return exec(session -> session.set(
                        "user", level.apply(session).newUser(session.asScala().eventLoop())))
                .doIf(session -> user(session).opensLevel())
                .then(
                        with(VirtualUser::openLevel),
                        asLongAs(session -> user(session).sendsAlone()).on(send(alone)))
                .exec(new Wait((session, then) -> user(session).awaitOthers(then)))
                .doIf(session -> !user(session).surplus())
                .then(
                        common.open()
                                ? asRequestsArrive(counted, unreported(common))
                                : oneAfterAnother(counted, unreported(common)))
                .exec(with(VirtualUser::leave));
    }

    /** The closed model: a user sends again after its answer. */
    private static ChainBuilder oneAfterAnother(HttpRequestActionBuilder counted, HttpRequestActionBuilder other) {
        return asLongAs(session -> user(session).warmsUp())
                .on(send(other))
                .asLongAs(session -> user(session).measures())
                .on(send(counted))
                .asLongAs(session -> user(session).coolsDown())
                .on(send(other));
    }

    /** The open model: a user sends when a request arrives for it; there are as many users as requests may be in flight. */
    private static ChainBuilder asRequestsArrive(HttpRequestActionBuilder counted, HttpRequestActionBuilder other) {
        ChainBuilder nextArrival =
                exec(new Wait((session, then) -> user(session).awaitArrival(then)));
        return exec(nextArrival)
                .asLongAs(session -> user(session).arrives())
                .on(
                        doIfOrElse(session -> user(session).counts())
                                .then(sendNow(counted))
                                .orElse(sendNow(other)),
                        nextArrival);
    }

    /** Whatever became of the request before: arrivals do not wait. */
    private static ChainBuilder sendNow(HttpRequestActionBuilder request) {
        return exec(request).exec(with(VirtualUser::settle));
    }

    /** A request, its record, and a pause if it failed. */
    private static ChainBuilder send(HttpRequestActionBuilder request) {
        return exec(request)
                .exec(with(VirtualUser::settle))
                .doIf(session -> user(session).failed())
                .then(pause(PAUSE_AFTER_FAILURE));
    }

    private static HttpRequestActionBuilder unreported(LevelPlan plan) {
        return request(plan).silent();
    }

    /**
     * A request that is measured by nimload's own clock. Gatling's counts whole milliseconds and starts before the connection
     * is open; {@code sign} is the last thing it calls before it writes to the open connection, and {@code transformResponse}
     * the first after the last byte, before any check.
     */
    private static HttpRequestActionBuilder request(LevelPlan plan) {
        List<String> urls = plan.urls();
        HttpRequestActionBuilder post = urls.size() == 1
                ? http(session -> user(session).levelName()).post(urls.get(0))
                : http(session -> user(session).levelName())
                        .post(session -> user(session).url());
        for (Map.Entry<String, String> header : plan.headers().values().entrySet()) {
            // A text would be taken for an expression of Gatling's.
            post = post.header(header.getKey(), session -> header.getValue());
        }
        return post.body(ByteArrayBody(session -> user(session).nextBody()))
                .requestTimeout(plan.times().requestTimeout())
                .sign((request, session) -> {
                    user(session).sent();
                    return request;
                })
                .transformResponse((response, session) -> {
                    user(session)
                            .answered(
                                    response.status().code(),
                                    name -> response.headers().get(name),
                                    () -> response.body().bytes());
                    return response;
                })
                .check(rightAnswer());
    }

    /**
     * Fails the request if the user found its answer wrong. Gatling's own checks of a body, such as {@code jsonPath},
     * parse it into a tree: for 0.8 MB of vectors that takes four to eight times the CPU of the whole request, on an event
     * loop that users share.
     */
    private static CheckBuilder rightAnswer() {
        return status().validate("a right answer", (code, session) -> {
            user(session).problem().ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
            return code;
        });
    }

    private static PopulationBuilder verdict(Benchmark benchmark) {
        return scenario("verdict")
                .exec(new Verdict(() -> {
                    benchmark.directory().ifPresent(GatlingReport::linkFrom);
                    return benchmark.verdict();
                }))
                .injectOpen(atOnceUsers(Preparation.injected(1)));
    }

    /** No request fails, and what nimload found out of each level's exact numbers. */
    static List<Assertion> assertions(Benchmark benchmark) {
        return Stream.concat(
                        benchmark.failsWithRequests()
                                ? Stream.of(global().failedRequests().count().is(0L))
                                : Stream.empty(),
                        benchmark.requirements().stream()
                                .map(name ->
                                        details(name).failedRequests().count().is(0L)))
                .toList();
    }

    private static ChainBuilder with(Consumer<VirtualUser> action) {
        return exec(session -> {
            action.accept(user(session));
            return session;
        });
    }

    /** The next request is one of this step. */
    private static ChainBuilder as(Function<PipelineUser, VirtualUser> step) {
        return exec(session -> session.set("user", step.apply(pipeline(session))));
    }

    private static ChainBuilder withPipeline(Consumer<PipelineUser> action) {
        return exec(session -> {
            action.accept(pipeline(session));
            return session;
        });
    }

    private static PipelineUser pipeline(Session session) {
        return session.get("pipeline");
    }

    private static VirtualUser user(Session session) {
        return session.get("user");
    }
}
