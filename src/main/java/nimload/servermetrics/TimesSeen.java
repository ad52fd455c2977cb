package nimload.servermetrics;

import java.util.List;
import java.util.OptionalDouble;
import nimload.results.ServerTimes;

/** What {@link ServerTimes} is made of, so that several runs of a level can be put together. */
record TimesSeen(Mean batch, Mean queueMs, Mean computeMs, Mean requestMs, OptionalDouble pendingMax) {
    static final TimesSeen NOTHING = new TimesSeen(Mean.NONE, Mean.NONE, Mean.NONE, Mean.NONE, OptionalDouble.empty());

    TimesSeen withoutBatch() {
        return new TimesSeen(Mean.NONE, queueMs, computeMs, requestMs, pendingMax);
    }

    TimesSeen withoutParts() {
        return new TimesSeen(batch, Mean.NONE, Mean.NONE, requestMs, pendingMax);
    }

    TimesSeen withoutWhole() {
        return new TimesSeen(batch, queueMs, computeMs, Mean.NONE, pendingMax);
    }

    static TimesSeen together(List<TimesSeen> runs) {
        return new TimesSeen(
                Mean.of(runs, TimesSeen::batch),
                Mean.of(runs, TimesSeen::queueMs),
                Mean.of(runs, TimesSeen::computeMs),
                Mean.of(runs, TimesSeen::requestMs),
                Rounded.max(runs, TimesSeen::pendingMax));
    }

    ServerTimes times() {
        return new ServerTimes(
                Rounded.to(2, batch.value()),
                Rounded.to(3, queueMs.value()),
                Rounded.to(3, computeMs.value()),
                Rounded.to(3, requestMs.value()),
                Rounded.to(0, pendingMax));
    }
}
