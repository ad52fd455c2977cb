package nimload.simulation;

import io.gatling.commons.validation.Success;
import io.gatling.core.action.Action;
import io.gatling.core.action.SessionHook;
import io.gatling.core.session.Session;
import io.gatling.core.stats.StatsEngine;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.core.ActionBuilder;
import java.util.function.BiConsumer;

/**
 * Holds a user until nimload lets it go on. Gatling's own pause knows whole milliseconds, and its rendezvous holds users once.
 *
 * @param awaiting is handed what the user does next, to be run on its thread
 */
record Wait(BiConsumer<io.gatling.javaapi.core.Session, Runnable> awaiting) implements ActionBuilder {
    @Override
    public io.gatling.core.action.builder.ActionBuilder asScala() {
        return this::action;
    }

    private Action action(ScenarioContext context, Action next) {
        return new Waiting(context.coreComponents().statsEngine(), next, awaiting);
    }

    private static final class Waiting extends SessionHook {
        private final BiConsumer<io.gatling.javaapi.core.Session, Runnable> awaiting;

        Waiting(StatsEngine statistics, Action next, BiConsumer<io.gatling.javaapi.core.Session, Runnable> awaiting) {
            super(Success::new, "wait", statistics, next);
            this.awaiting = awaiting;
        }

        @Override
        public void execute(Session session) {
            awaiting.accept(new io.gatling.javaapi.core.Session(session), () -> next().$bang(session));
        }
    }
}
