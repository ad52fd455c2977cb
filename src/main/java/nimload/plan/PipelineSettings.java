package nimload.plan;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nimload.UserError;
import nimload.plan.SettingValues.Given;

/**
 * How the searches of a retrieval pipeline run.
 *
 * @param load at which searches begin; closed: each user searches again after its answer
 * @param users of closed searches, or the most searches in flight at a rate
 * @param search the pause that stands for the vector search
 * @param ingestion the rate of requests that embed passages in the second level; empty: there is no second level
 */
public record PipelineSettings(Load load, int users, SearchPause search, Optional<Load> ingestion) {
    /** The grid whose shapes of request it has if the user names none. */
    public static final String GRID = "retrieval-pipeline";

    private static final double RATE = 2;
    private static final double INGESTION = 2;

    private static final double HIGHEST_RATE = 10_000;
    private static final int MOST_USERS = 4096;
    private static final int IN_FLIGHT = 256;
    private static final String OFF = "off";

    /** @throws UserError for a value that is not right, and for a rate and users together */
    public static PipelineSettings read(SettingValues values) {
        Optional<Integer> users =
                values.read(Setting.PIPELINE_USERS, given -> SettingParser.wholeNumber(given, 1, MOST_USERS));
        for (Setting open : List.of(Setting.PIPELINE_RATE, Setting.PIPELINE_ARRIVALS, Setting.PIPELINE_IN_FLIGHT)) {
            if (users.isPresent()) {
                values.find(open).ifPresent(given -> {
                    throw SettingParser.refused(
                            given, "nim.pipeline.users is given too, whose searches keep no rate", "give one of them");
                });
            }
        }
        double rate = values.read(Setting.PIPELINE_RATE, given -> SettingParser.rate(given, HIGHEST_RATE, "5"))
                .orElse(RATE);
        boolean poisson =
                values.read(Setting.PIPELINE_ARRIVALS, SettingParser::poisson).orElse(true);
        int inFlight = values.read(Setting.PIPELINE_IN_FLIGHT, given -> SettingParser.wholeNumber(given, 1, MOST_USERS))
                .orElse(IN_FLIGHT);
        return new PipelineSettings(
                users.isPresent() ? Load.CLOSED : Load.open(rate, poisson),
                users.orElse(inFlight),
                values.read(Setting.PIPELINE_SEARCH, SearchPause::read)
                        .orElse(new SearchPause(Duration.ofMillis(5), Optional.empty())),
                values.read(Setting.PIPELINE_INGEST, PipelineSettings::ingestion)
                        .orElse(Optional.of(Load.constant(INGESTION))));
    }

    private static Optional<Load> ingestion(Given given) {
        return given.value().equals(OFF)
                ? Optional.empty()
                : Optional.of(Load.constant(SettingParser.rate(given, HIGHEST_RATE, "2, or off")));
    }

    /** {@code 2/s poisson}, or {@code 5 users}. */
    public String loadText() {
        return load.closed() ? users + (users == 1 ? " user" : " users") : load.text();
    }

    /** {@code 2/s constant}, or {@code off}. */
    public String ingestionText() {
        return ingestion.map(Load::text).orElse(OFF);
    }

    /**
     * The requests of the steps, one shape each; the query that passages are ranked against has the tokens of the embedded
     * one.
     *
     * @param grids of the settings
     * @throws UserError if a step has no shape, or several
     */
    public Map<Workload, WorkloadGrid> steps(Map<Workload, WorkloadGrid> grids, SettingValues values) {
        Map<Workload, WorkloadGrid> steps = new EnumMap<>(Workload.class);
        for (Workload workload :
                ingestion.isPresent() ? List.of(Workload.values()) : List.of(Workload.QUERY, Workload.RERANKING)) {
            steps.put(workload, one(workload, grids));
        }
        values.find(Setting.RERANKING_QUERY_TOKENS).ifPresent(given -> {
            throw SettingParser.refused(
                    given, "passages are ranked against the query that was embedded", "give nim.query.tokens");
        });
        WorkloadGrid query = steps.get(Workload.QUERY);
        if (query.texts().isEmpty() && query.items().get(0) != 1) {
            throw new UserError("nim.query.batch=" + query.items().get(0)
                    + " is not for RetrievalPipelineSimulation: a search embeds one query; leave it out");
        }
        if (query.texts().isEmpty() && query.inputTokens().get(0).spread() > 0) {
            throw new UserError("nim.query.tokens=" + query.inputTokens().get(0)
                    + " is not for RetrievalPipelineSimulation, whose queries have one length; give one number");
        }
        int queryTokens =
                query.inputTokens().isEmpty() ? 0 : query.inputTokens().get(0).tokens();
        steps.replaceAll((workload, grid) ->
                grid.alone(workload == Workload.RERANKING && queryTokens > 0 ? queryTokens : grid.queryTokens()));
        return steps;
    }

    private static WorkloadGrid one(Workload workload, Map<Workload, WorkloadGrid> grids) {
        WorkloadGrid grid = grids.get(workload);
        if (grid == null) {
            throw new UserError("the grid has no " + workload.key()
                    + " requests, which RetrievalPipelineSimulation sends"
                    + (workload == Workload.PASSAGE ? "; give -Dnim.pipeline.ingest=off" : "; leave nim.grid out"));
        }
        if (grid.alone(grid.queryTokens()).levels() != 1) {
            throw new UserError("RetrievalPipelineSimulation has one kind of " + workload.key() + " request, and "
                    + grid.alone(grid.queryTokens()).levels() + " were given; give one number for nim."
                    + workload.key() + ".tokens and nim." + workload.key() + "." + workload.itemsSetting());
        }
        return grid;
    }
}
