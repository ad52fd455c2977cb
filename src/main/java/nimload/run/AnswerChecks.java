package nimload.run;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Checks large answers on one thread, so that the check does not delay the user's next request. */
final class AnswerChecks {
    /** Waiting answers, of up to some megabytes each. */
    private static final int CAPACITY = 32;

    /** If it does not keep up, the users check their answers themselves instead of piling them up. */
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(CAPACITY),
            task -> {
                Thread thread = new Thread(task, "answer-checks");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());

    void later(Runnable check) {
        thread.execute(check);
    }
}
