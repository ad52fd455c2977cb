package nimload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs one of the commands that users start with {@code mvn compile exec:java@<name>}, all in the same way: {@code --help},
 * one line on the error stream for whatever the user has to put right, and the exit codes 0 done, 1 failed, 2 wrong use.
 */
public final class CommandLineTool {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private CommandLineTool() {}

    /**
     * Runs a command, and ends the JVM if it does not succeed. {@code exec:java} runs it in Maven's JVM, so the shell gets the
     * same exit code either way.
     *
     * @param command annotated for picocli, a {@link Runnable} or a {@code Callable<Integer>}
     */
    public static void main(Object command, String... args) {
        int exitCode = of(command).execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** The command with what all commands share; in all of them an {@link OptionalInt} is a count of at least 1. */
    public static CommandLine of(Object command) {
        CommandLine line = new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(OptionalInt.class, text -> OptionalInt.of(wholeNumber(text, 1, 999_999)))
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setUsageHelpWidth(120)
                .setParameterExceptionHandler(CommandLineTool::refuse)
                .setExecutionExceptionHandler(CommandLineTool::fail);
        line.getCommandSpec()
                .addOption(OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build())
                .usageMessage()
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(new TreeMap<>(Map.of(
                        "0", "done",
                        "1", "failed; one line says why",
                        "2", "wrong use: an unknown option, a wrong value or a path that does not exist")))
                .footerHeading("%nExample:%n");
        return line;
    }

    /**
     * @return {@code text} as a number
     * @throws TypeConversionException unless it is a whole number from {@code min} to {@code max}
     */
    public static int wholeNumber(String text, int min, int max) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new TypeConversionException("not a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    /** For arguments that name something to read. */
    public static final class ExistingPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            Path path = Path.of(text);
            if (text.isEmpty() || !Files.exists(path)) {
                throw new TypeConversionException("does not exist; give a file or directory that does");
            }
            return path;
        }
    }

    /** A misspelt option comes first: whatever else seems wrong may follow from it. */
    private static int refuse(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String problem = line.getUnmatchedArguments().stream()
                .filter(argument -> argument.startsWith("-"))
                .findFirst()
                .map(argument -> argument.replaceFirst("=.*", ""))
                .map(option -> option + ": unknown option; did you mean "
                        + Spelling.nearest(
                                option, line.getCommandSpec().optionsMap().keySet()) + "?")
                .orElseGet(() -> problem(e));
        line.getErr()
                .println("✗ " + problem + " (help: mvn compile exec:java@" + line.getCommandName()
                        + " -Dexec.args=--help)");
        return WRONG_USE;
    }

    private static String problem(ParameterException e) {
        if (!(e.getCause() instanceof TypeConversionException)) {
            return e.getMessage();
        }
        String name = e.getArgSpec() instanceof OptionSpec option
                ? option.longestName()
                : e.getArgSpec().paramLabel();
        return name + " " + e.getValue() + ": " + e.getCause().getMessage();
    }

    private static int fail(Exception e, CommandLine line, ParseResult arguments) throws Exception {
        if (!(e instanceof UserError)) {
            throw e;
        }
        line.getErr().println("✗ " + e.getMessage());
        return FAILED;
    }
}
