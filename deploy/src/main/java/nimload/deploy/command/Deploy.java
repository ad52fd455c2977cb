package nimload.deploy.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.settings.SettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line: the commands, their shared help text, and how failures are reported. */
@Command(
        name = "nimload-deploy",
        mixinStandardHelpOptions = true,
        version = "nimload-deploy 0.1.0",
        description =
                "Installs NVIDIA's Text Embedding and Text Reranking NIMs on a Kubernetes cluster, explains why they do not start, and"
                        + " hands their addresses to the load tests.",
        footer = {
            "",
            "From an empty cluster to measured results:",
            "  export NGC_API_KEY=<your key>",
            "  mvn -f deploy compile exec:java -Dexec.args=\"doctor\"",
            "  mvn -f deploy compile exec:java -Dexec.args=\"up\"",
            "  mvn package -DskipTests",
            "  mvn -f deploy compile exec:java -Dexec.args=\"run\"",
            "",
            "Keys come only from the environment: NGC_API_KEY, plus NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD for an internal registry.",
            "Exit codes: 0 done, 1 failed with a diagnosis, 2 wrong usage or settings.",
            "Every command has --help."
        })
public final class Deploy implements Callable<Integer> {

    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    public static CommandLine commandLine(Edges edges) {
        CommandLine line = new CommandLine(new Deploy())
                .addSubcommand(new DoctorCommand(edges))
                .addSubcommand(new TagsCommand(edges))
                .addSubcommand(new PlanCommand(edges))
                .addSubcommand(new UpCommand(edges))
                .addSubcommand(new StatusCommand(edges))
                .addSubcommand(new VerifyCommand(edges))
                .addSubcommand(new LogsCommand(edges))
                .addSubcommand(new RunCommand(edges))
                .addSubcommand(new DownCommand(edges))
                .addSubcommand(new ImageCommand(edges));
        line.setOut(new PrintWriter(edges.out(), true));
        line.setErr(new PrintWriter(edges.err(), true));
        line.setUsageHelpWidth(140);
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command, parsed, edges));
        return line;
    }

    /** Runs when no command is given. */
    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command given; start with doctor, then up");
    }

    /** Prints one line on the error stream, whatever happened; the stack trace only with --debug. */
    private static int report(Exception failure, CommandLine command, ParseResult parsed, Edges edges) {
        edges.err().println("nimload-deploy " + command.getCommandName() + ": " + Failure.line(failure));
        if (parsed.originalArgs().contains("--debug")) {
            failure.printStackTrace(edges.err());
        }
        return failure instanceof SettingsException ? command.getCommandSpec().exitCodeOnInvalidInput() : FAILED;
    }
}
