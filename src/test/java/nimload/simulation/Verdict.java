package nimload.simulation;

import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.commons.validation.Success;
import io.gatling.core.action.Action;
import io.gatling.core.action.SessionHook;
import io.gatling.core.session.GroupBlock;
import io.gatling.core.session.Session;
import io.gatling.core.stats.StatsEngine;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.core.ActionBuilder;
import java.util.List;
import java.util.function.Supplier;
import nimload.run.Requirement;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What nimload found, in Gatling's report and for its assertions: a group per requirement of the run, failed where it does not
 * hold, and each problem among the errors, in nimload's words. Gatling counts groups apart from requests and errors that have
 * no request not at all, so no number of the report includes what is not a request.
 *
 * @param verdict asked once, when all levels are over
 */
record Verdict(Supplier<List<Requirement>> verdict) implements ActionBuilder {
    @Override
    public io.gatling.core.action.builder.ActionBuilder asScala() {
        return this::action;
    }

    private Action action(ScenarioContext context, Action next) {
        StatsEngine statistics = context.coreComponents().statsEngine();
        return new SessionHook(
                session -> {
                    long now = context.coreComponents().clock().nowMillis();
                    verdict.get().forEach(requirement -> log(requirement, session, statistics, now));
                    return new Success<>(session);
                },
                "verdict",
                statistics,
                next);
    }

    private static void log(Requirement requirement, Session session, StatsEngine statistics, long now) {
        Status status = requirement.problems().isEmpty() ? OK$.MODULE$ : KO$.MODULE$;
        GroupBlock row = new GroupBlock(
                CollectionConverters.asScala(List.of(requirement.name())).toList(), now, 0, status);
        statistics.logGroupEnd(session.scenario(), row, now);
        requirement
                .problems()
                .forEach(problem ->
                        statistics.logRequestCrash(session.scenario(), session.groups(), Requirement.NIMLOAD, problem));
    }
}
