package nimload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands as a shell sees them. The emulator without arguments runs, see its own test. */
class CommandLineToolTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report|nimload.exports.ReportCommand|Makes the page of a finished run again",
                "compare|nimload.compare.Compare|Compares finished runs with a baseline",
                "import|nimload.imports.Import|Makes a run out of the files that genai-perf or AIPerf exported",
                "emulator|nimload.emulator.Emulator|Starts the embedded NIM on 127.0.0.1",
            })
    void helpSaysPurposeUsageOptionsAndExitCodesAndExits0(String name, String main, String purpose) throws Exception {
        try (MainProcess command = MainProcess.start(main, "--help")) {
            assertThat(command.out())
                    .startsWith("Usage: mvn compile exec:java@" + name + " ")
                    .contains("\n\n" + purpose)
                    .containsPattern("\n +--help +Show this help.\n")
                    .contains("\n\nExit codes:\n  0   done\n  1   failed; one line says why\n  2   wrong use: ")
                    .contains("\n\nExample:\n  mvn compile exec:java@" + name + " -Dexec.args=\"");
            assertThat(command.err()).isEmpty();
            assertThat(command.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report|nimload.exports.ReportCommand|--hepl|--hepl: unknown option; did you mean --help?",
                "compare|nimload.compare.Compare|--alow-different|--alow-different: unknown option; did you mean --allow-different?",
                "import|nimload.imports.Import|--qery-tokens=5|--qery-tokens: unknown option; did you mean --query-tokens?",
                "emulator|nimload.emulator.Emulator|--prt=8000|--prt: unknown option; did you mean --port?",
                "emulator|nimload.emulator.Emulator|8000|Unmatched argument at index 0: '8000'",
                "report|nimload.exports.ReportCommand||Missing required parameter: 'RUN'",
                "compare|nimload.compare.Compare||Missing required parameter: 'BASELINE'",
                "import|nimload.imports.Import||Missing required parameter: 'PATH'",
            })
    void wrongUseIsOneLineThatNamesTheHelpAndExits2(String name, String main, String argument, String problem)
            throws Exception {
        try (MainProcess command = argument == null ? MainProcess.start(main) : MainProcess.start(main, argument)) {
            assertThat(command.err())
                    .isEqualTo("✗ " + problem + " (help: mvn compile exec:java@" + name + " -Dexec.args=--help)");
            assertThat(command.out()).isEmpty();
            assertThat(command.exitCode()).isEqualTo(2);
        }
    }

    @Command(name = "failing")
    record Failing(RuntimeException failure) implements Runnable {
        @Override
        public void run() {
            throw failure;
        }
    }

    private final StringWriter err = new StringWriter();

    private int execute(RuntimeException failure) {
        CommandLine command = CommandLineTool.of(new Failing(failure)).setErr(new PrintWriter(err, true));
        return command.execute();
    }

    @Test
    void whatTheUserHasToPutRightIsOneLineAndExits1() {
        assertThat(execute(new UserError("x cannot be read; give another"))).isEqualTo(1);
        assertThat(err).hasToString("✗ x cannot be read; give another" + System.lineSeparator());
    }

    @Test
    void anErrorOfOurOwnKeepsItsStackTraceAndExits1() {
        assertThat(execute(new IllegalStateException("a bug"))).isEqualTo(1);
        assertThat(err.toString()).contains("IllegalStateException: a bug").contains("\tat nimload.");
    }
}
