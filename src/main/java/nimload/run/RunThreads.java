package nimload.run;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nimload.measure.StallClock;

/**
 * What works beside the users' event loops, for all levels of a run.
 *
 * @param checks of large answers
 * @param bodies builds bodies ahead
 * @param watches opens and closes what is observed during a level
 * @param stalls how long this process has stood still
 */
record RunThreads(AnswerChecks checks, Executor bodies, ExecutorService watches, StallClock stalls) {
    static RunThreads start() {
        return new RunThreads(new AnswerChecks(), single("bodies"), single("level-watches"), StallClock.start());
    }

    private static ExecutorService single(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
