package dev.buildboss.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;

/**
 * The rules of {@code docs/architecture.md} that a machine can check. They are here because this module sees all others.
 *
 * <p>A rule whose package isn't there holds (see {@code archunit.properties}).
 */
@AnalyzeClasses(packages = "dev.buildboss", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String JOBSERVER = "dev.buildboss.jobserver..";
    private static final String REPORT = "dev.buildboss.report..";
    private static final String FORECAST = "dev.buildboss.forecast..";
    private static final String HISTORY = "dev.buildboss.history..";
    private static final String SIMULATE = "dev.buildboss.simulate..";
    private static final String SSH = "dev.buildboss.ssh..";
    private static final String FETCH = "dev.buildboss.fetch..";
    private static final String RUNTIME = "dev.buildboss.runtime..";
    private static final String WORKER_MAIN = "dev.buildboss.workermain..";
    private static final String CLI = "dev.buildboss.cli..";
    private static final String BENCHMARKS = "dev.buildboss.benchmarks..";

    private static final String MODEL = "dev.buildboss.model..";
    private static final String PLAN = "dev.buildboss.plan..";
    private static final String PROTOCOL = "dev.buildboss.protocol";
    private static final String SPI = "dev.buildboss.spi..";
    private static final String SETTINGS = "dev.buildboss.settings..";
    private static final String BOSS = "dev.buildboss.boss..";
    private static final String WORKER = "dev.buildboss.worker..";
    private static final String RECIPE = "dev.buildboss.recipe..";
    private static final String GIT = "dev.buildboss.git..";

    /** Core is all of ours that is in no other module. */
    private static final DescribedPredicate<JavaClass> CORE = resideInAPackage("dev.buildboss..")
            .and(not(resideInAnyPackage(
                    JOBSERVER, REPORT, FORECAST, HISTORY, SIMULATE, SSH, FETCH, RUNTIME, WORKER_MAIN, CLI, BENCHMARKS)))
            .as("core");

    /** Pekko, but for its immutable bytes, which a record may hold where it can't hold an array. */
    private static final DescribedPredicate<JavaClass> ACTORS_AND_STREAMS = resideInAPackage("org.apache.pekko..")
            .and(not(belongToAnyOf(ByteString.class)))
            .as("Pekko's actors and streams");

    // Modules

    @ArchTest
    static final ArchRule jobserverNeedsOnlyTheJdk = classes()
            .that()
            .resideInAPackage(JOBSERVER)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(JOBSERVER, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule coreKnowsNoOtherModuleThanTheJobserver = noClasses()
            .that(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(REPORT, FORECAST, HISTORY, SIMULATE, SSH, FETCH, RUNTIME, WORKER_MAIN, CLI, BENCHMARKS);

    @ArchTest
    static final ArchRule coreKnowsNoSshNoJgitNoCommandLine = noClasses()
            .that(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.jcraft..",
                    "org.eclipse.jgit..",
                    "picocli..",
                    "me.tongfei..",
                    "org.jline..",
                    "org.apache.commons.compress..",
                    "java.sql..",
                    "ch.qos.logback..");

    @ArchTest
    static final ArchRule librariesKnowNoPrograms = noClasses()
            .that()
            .resideInAnyPackage(REPORT, FORECAST, HISTORY, SIMULATE, SSH, FETCH, RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER_MAIN, CLI, BENCHMARKS);

    @ArchTest
    static final ArchRule reportKnowsNoSsh = noClasses()
            .that()
            .resideInAPackage(REPORT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SSH);

    @ArchTest
    static final ArchRule sshKnowsNoReports = noClasses()
            .that()
            .resideInAPackage(SSH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(REPORT);

    @ArchTest
    static final ArchRule theProgramsKnowNotEachOther = noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(WORKER_MAIN);

    @ArchTest
    static final ArchRule theWorkerProgramIsCoreAlone = noClasses()
            .that()
            .resideInAPackage(WORKER_MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    REPORT,
                    FORECAST,
                    HISTORY,
                    SIMULATE,
                    SSH,
                    FETCH,
                    RUNTIME,
                    CLI,
                    "com.jcraft..",
                    "org.eclipse.jgit..",
                    "picocli..");

    // Packages of core

    @ArchTest
    static final ArchRule valuesMessagesAndPlanAreFreeOfActors = noClasses()
            .that()
            .resideInAnyPackage(MODEL, PROTOCOL, PLAN)
            .should()
            .dependOnClassesThat(ACTORS_AND_STREAMS);

    @ArchTest
    static final ArchRule modelIsTheInnermost = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.buildboss..").and(not(resideInAPackage(MODEL))));

    @ArchTest
    static final ArchRule planReadsNoClock = noClasses()
            .that()
            .resideInAPackage(PLAN)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(java.time.Clock.class, java.util.Timer.class, ThreadLocalRandom.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .callConstructor(java.util.Random.class);

    @ArchTest
    static final ArchRule planDoesNoInputOrOutput = noClasses()
            .that()
            .resideInAPackage(PLAN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "org.slf4j..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, Process.class, ProcessBuilder.class);

    @ArchTest
    static final ArchRule nothingPublicKnowsTheActors = noClasses()
            .that()
            .resideInAnyPackage(MODEL, PLAN, PROTOCOL, SPI, SETTINGS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BOSS, WORKER);

    @ArchTest
    static final ArchRule bossIsInternal = noClasses()
            .that()
            .resideInAnyPackage(JOBSERVER, REPORT, FORECAST, HISTORY, SIMULATE, SSH, WORKER_MAIN, CLI, WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BOSS);

    @ArchTest
    static final ArchRule workerAndRecipesAreForTheWorkerProgramOnly = noClasses()
            .that()
            .resideInAnyPackage(JOBSERVER, REPORT, FORECAST, HISTORY, SIMULATE, SSH, CLI, BOSS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER, RECIPE);

    @ArchTest
    static final ArchRule theGitProgramIsForCoreAndPushes = noClasses()
            .that()
            .resideInAnyPackage(JOBSERVER, REPORT, CLI, WORKER_MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(GIT);

    @ArchTest
    static final ArchRule extensionPointsArePublic = classes()
            .that()
            .resideInAnyPackage(SPI, MODEL)
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .bePublic();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.buildboss.(*)..").should().beFreeOfCycles();

    // Habits

    @ArchTest
    static final ArchRule onlyProgramsWriteToTheStandardStreams = noClasses()
            .that()
            .resideOutsideOfPackages(CLI, WORKER_MAIN, BENCHMARKS)
            .and()
            .doNotHaveFullyQualifiedName(
                    "dev.buildboss.jobserver.JobserverMain") // a program too, in a module of its own
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule onlyMainClassesEndTheProcess = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class);

    @ArchTest
    static final ArchRule oneLoggingApi = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..", "org.apache.log4j..");

    @ArchTest
    static final ArchRule nothingIsReadByJavaSerialization = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(java.io.ObjectInputStream.class, java.io.ObjectOutputStream.class);

    @ArchTest
    static final ArchRule recordsHoldNoArrays = noFields()
            .that()
            .areDeclaredInClassesThat(assignableTo(Record.class))
            .and()
            .areNotStatic()
            .should()
            .haveRawType(DescribedPredicate.describe("an array", JavaClass::isArray));
}
