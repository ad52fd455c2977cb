package nimload.simulation;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import nimload.plan.LoadPoint;
import nimload.plan.Workload;
import nimload.run.Benchmark;
import nimload.run.Level;
import nimload.run.VirtualUser;

/**
 * Levels one after another, each in a closed model: as many users as the level's concurrency, each on a connection of its
 * own, each sending again as soon as it has its answer.
 */
abstract class LevelSimulation extends Simulation {
    private final Benchmark benchmark;

    LevelSimulation(Workload first, Workload... others) {
        benchmark = Preparation.benchmark(EnumSet.of(first, others));

        Stream<PopulationBuilder> rehearsals = benchmark.rehearsals().stream().map(level -> users(level, Reported.NO));
        Stream<PopulationBuilder> calibrations =
                benchmark.calibrations().stream().map(level -> users(level, Reported.NO));
        Stream<PopulationBuilder> levels = benchmark.levels().stream().map(level -> users(level, Reported.YES));

        setUp(Stream.of(rehearsals, calibrations, levels, Stream.of(verdict()))
                        .flatMap(Function.identity())
                        .reduce(PopulationBuilder::andThen)
                        .orElseThrow())
                .protocols(protocol())
                .assertions(assertions());
    }

    @Override
    public void after() {
        System.out.println(benchmark.summary());
    }

    private HttpProtocolBuilder protocol() {
        HttpProtocolBuilder plain = http.disableFollowRedirect()
                .disableCaching()
                .disableAutoReferer()
                .contentTypeHeader("application/json");
        return benchmark
                .settings()
                .apiKey()
                .map(key -> plain.authorizationHeader(key.bearer()))
                .orElse(plain);
    }

    /** The users of a level: the first sends a few requests alone, then all warm up together, then all measure. */
    private PopulationBuilder users(Level level, Reported reported) {
        int concurrency = level.point().concurrency();
        return scenario(level.name())
                .exitHereIf(session -> level.abandoned())
                .exec(session -> session.set("user", newUser(level, session)))
                .doIf(session -> user(session).opensLevel())
                .then(
                        with(VirtualUser::openLevel),
                        asLongAs(session -> user(session).sendsAlone()).on(requestAndAnswer(level, Reported.NO)))
                .rendezVous(concurrency)
                .exec(with(VirtualUser::startWarmUp))
                .asLongAs(session -> user(session).goesOn())
                .on(requestAndAnswer(level, Reported.NO))
                .rendezVous(concurrency)
                .exec(with(VirtualUser::startMeasurement))
                .asLongAs(session -> user(session).goesOn())
                .on(requestAndAnswer(level, reported))
                .exec(with(VirtualUser::leave))
                .injectOpen(atOnceUsers(concurrency));
    }

    VirtualUser newUser(Level level, Session session) {
        return level.newUser(session.asScala().eventLoop());
    }

    /** Whether requests appear in Gatling's report. */
    private enum Reported {
        YES,
        NO
    }

    /**
     * A request whose time runs from {@code sign}, which Gatling calls on the open connection just before it writes, to
     * {@code transformResponse}, which it calls first after the last byte.
     */
    private static ChainBuilder requestAndAnswer(Level level, Reported reported) {
        HttpRequestActionBuilder request = http(level.point().name())
                .post(level.url().toString())
                .body(ByteArrayBody(session -> user(session).nextBody()))
                .requestTimeout(level.requestTimeout())
                .sign((unsigned, session) -> {
                    user(session).sent();
                    return unsigned;
                })
                .transformResponse((response, session) -> {
                    user(session)
                            .answered(
                                    response.status().code(),
                                    name -> response.headers().get(name),
                                    () -> response.body().bytes());
                    return response;
                })
                .check(status().validate("a right answer", (code, session) -> {
                    user(session).problem().ifPresent(problem -> {
                        throw new IllegalArgumentException(problem);
                    });
                    return code;
                }));
        return exec(reported == Reported.YES ? request : request.silent())
                .exec(with(VirtualUser::settle))
                .doIf(session -> user(session).failed())
                .then(pause(Duration.ofMillis(100)));
    }

    /** What fails the run though no request failed becomes a failed row of the report, and so fails the assertion. */
    private PopulationBuilder verdict() {
        return scenario("verdict")
                // Once: foreach asks for its list again before each turn.
                .exec(session -> session.set("problems", benchmark.verdict()))
                .foreach(session -> session.getList("problems"), "problem")
                .on(dummy("#{problem}", 0).withSuccess(false))
                .injectOpen(atOnceUsers(1));
    }

    /** No request fails, and what the SLO asks of each level as far as Gatling can tell. */
    private List<Assertion> assertions() {
        List<LoadPoint> points = benchmark.levels().stream().map(Level::point).toList();
        return Stream.concat(
                        Stream.of(global().failedRequests().count().is(0L)),
                        SloAssertions.of(points, benchmark.slo()).stream())
                .toList();
    }

    private static ChainBuilder with(Consumer<VirtualUser> action) {
        return exec(session -> {
            action.accept(user(session));
            return session;
        });
    }

    private static VirtualUser user(Session session) {
        return session.get("user");
    }
}
