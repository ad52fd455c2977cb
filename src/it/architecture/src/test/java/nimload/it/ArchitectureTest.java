package nimload;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static JavaClasses main;

    @BeforeAll
    static void readMain() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("nimload");
    }

    @Test
    void everyPackageOfMainIsLookedAtAndNoTest() {
        assertThat(main.stream().map(JavaClass::getPackageName).distinct())
                .contains(
                        "nimload.plan",
                        "nimload.nim",
                        "nimload.text",
                        "nimload.measure",
                        "nimload.report",
                        "nimload.emulator",
                        "nimload.target",
                        "nimload.run")
                .doesNotContain("nimload.simulation");
    }

    @Test
    void planTextAndMeasureUseNoNetworkNoFilesAndNoGatling() {
        noClasses()
                .that()
                .resideInAnyPackage("nimload.plan..", "nimload.text..", "nimload.measure..")
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
                .resideInAnyPackage("nimload.emulator..", "nimload.target..", "nimload.run..", "nimload.report..")
                .check(main);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("nimload.(*)..").should().beFreeOfCycles().check(main);
    }
}
