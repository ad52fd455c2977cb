package nimload.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** nimload's own classes, read from where its build left them: which of its packages may know which. */
class ArchitectureTest {
    private static final String CLASS_PATH = "nimload.classpath";

    private static JavaClasses main;

    @BeforeAll
    static void readMain() {
        String classPath = System.getProperty(CLASS_PATH, "");
        if (classPath.isBlank()) {
            throw new IllegalStateException(
                    "no class path of nimload: give -D" + CLASS_PATH + "=<its classes and jars>");
        }
        main = new ClassFileImporter().importPath(Path.of(classPath.split(File.pathSeparator)[0]));
    }

    @Test
    void everyPackageOfMainIsLookedAtAndNoTest() {
        assertThat(main.stream().map(JavaClass::getPackageName).distinct())
                .contains(
                        "nimload.plan",
                        "nimload.nim",
                        "nimload.text",
                        "nimload.measure",
                        "nimload.servermetrics",
                        "nimload.page",
                        "nimload.emulator",
                        "nimload.preflight",
                        "nimload.compare",
                        "nimload.imports",
                        "nimload.exports",
                        "nimload.merge",
                        "nimload.run")
                .doesNotContain("nimload.simulation");
    }

    @Test
    void planTextMeasureAndMetricsUseNoNetworkNoFilesAndNoGatling() {
        noClasses()
                .that()
                .resideInAnyPackage("nimload.plan..", "nimload.text..", "nimload.measure..", "nimload.servermetrics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "java.net.http..", "io.gatling..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Files.class)
                .check(main);
    }

    @Test
    void nothingInMainKnowsGatling() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.gatling..")
                .check(main);
    }

    @Test
    void onlyTheEmbeddedNimUsesNetty() {
        classes()
                .that()
                .resideOutsideOfPackage("nimload.emulator..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("io.netty..")
                .check(main);
    }

    @Test
    void theWireContractKnowsNoneOfItsUsers() {
        noClasses()
                .that()
                .resideInAPackage("nimload.nim..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("nimload.emulator..", "nimload.preflight..", "nimload.run..")
                .check(main);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("nimload.(*)..").should().beFreeOfCycles().check(main);
    }
}
