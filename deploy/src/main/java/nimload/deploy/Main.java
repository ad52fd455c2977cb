package nimload.deploy;

import java.io.Console;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import nimload.deploy.command.Deploy;

/** Starts a command with the real edges. Exit codes: 0 done, 1 failed with a diagnosis, 2 wrong usage, 128+n ended by signal n. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        if (java.util.List.of(args).contains("--debug")) {
            // Before the first logger exists: slf4j-simple reads this once.
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
        }
        // Read when the first HTTP client is made: otherwise it sends a proxy no user and password on CONNECT.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        Edges edges = new Edges(
                Path.of(System.getProperty("nimload.deploy.dir", ".")),
                System::getenv,
                System.out,
                System.err,
                isTerminal(),
                Time.SYSTEM,
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(Duration.ofSeconds(10))
                        .proxy(new EnvironmentProxy(System::getenv))
                        .build(),
                Interrupts.SYSTEM,
                Main::interrupted);
        int exitCode = Deploy.commandLine(edges).execute(args);
        System.out.flush();
        if (exitCode != 0) {
            // exec:java runs in Maven's own JVM: an exception would print Maven's stack trace and turn code 2 into 1.
            System.exit(exitCode);
        }
    }

    private static void interrupted(int exitCode) {
        System.err.println(
                "nimload-deploy: interrupted; everything created so far stays, run the same command again to continue");
        System.exit(exitCode);
    }

    /** Since Java 22 a Console can exist without a terminal, and says so itself; in Java 17 there is no Console then. */
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
