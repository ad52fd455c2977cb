package nimload.results;

import java.util.OptionalDouble;

/**
 * Where a request's time went in the server during a level, by the server's own metrics.
 *
 * @param meanBatch items in a batch that the server computed (count ÷ executions); of an ensemble, in the step that
 *     computed longest
 * @param queueMs mean time of a request in the server's queue
 * @param computeMs mean time of a request in its computation, its input and output included; each request of a batch
 *     counts the whole batch's time
 * @param requestMs mean time of a request in the server
 * @param pendingMax most requests seen waiting
 */
public record ServerTimes(
        OptionalDouble meanBatch,
        OptionalDouble queueMs,
        OptionalDouble computeMs,
        OptionalDouble requestMs,
        OptionalDouble pendingMax) {}
