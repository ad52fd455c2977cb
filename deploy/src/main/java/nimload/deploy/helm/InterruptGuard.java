package nimload.deploy.helm;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Keeps Ctrl-C and SIGTERM working while Helm runs. At the first install, upgrade or template in a JVM, Helm's Go runtime takes over both signals
 * for good; it does so once. So the handlers are restored every {@value #EVERY_MILLIS} ms during a call and once more after it. A signal that
 * arrives in between is lost, which is why the first call is a template: it takes a fraction of a second and waits for nothing.
 *
 * <p>Uses reflection: javac has a warning for {@code sun.misc.Signal} that no annotation silences, and warnings are errors here.
 */
final class InterruptGuard {

    private static final int EVERY_MILLIS = 20;

    /** POSIX numbers; a command ended by a signal exits with 128 plus the number. */
    private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

    private final IntConsumer exit;
    private final Thread keeper = new Thread(this::keep, "helm-interrupt-guard");

    /** @param exit ends the JVM with the given exit code */
    InterruptGuard(IntConsumer exit) {
        this.exit = exit;
        keeper.setDaemon(true);
    }

    <T> T during(Supplier<T> call) {
        keeper.start();
        try {
            return call.get();
        } finally {
            keeper.interrupt();
            install(); // for the code that runs after Helm
        }
    }

    private void keep() {
        while (!Thread.currentThread().isInterrupted()) {
            install();
            try {
                Thread.sleep(EVERY_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void install() {
        SIGNALS.forEach((name, number) -> {
            try {
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                Object onSignal = Proxy.newProxyInstance(
                        handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                            if (method.getName().equals("handle")) {
                                exit.accept(128 + number);
                            }
                            return null;
                        });
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), onSignal);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no handler for SIG" + name + " can be set on this JVM", e);
            }
        });
    }
}
