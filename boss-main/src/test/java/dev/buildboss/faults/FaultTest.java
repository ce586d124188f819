package dev.buildboss.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A fault test: all of them share one {@link FaultBed}, which is put in order after each test. */
@Tag("fault")
@Tag("process")
@Tag("ssh")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(FaultTest.Beds.class)
abstract class FaultTest {

    @SuppressWarnings("NullAway.Init")
    FaultBed bed;

    @BeforeEach
    void takeBed(FaultBed shared) {
        bed = shared;
    }

    @AfterEach
    void putInOrder() throws IOException {
        bed.reset();
    }

    /** Makes the bed once for all classes of a JVM. */
    static final class Beds implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == FaultBed.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(
                            FaultBed.class,
                            key -> {
                                try {
                                    return new FaultBed();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            FaultBed.class);
        }
    }
}
