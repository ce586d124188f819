package dev.buildboss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {

    @Test
    void textFromOutsideIsAsciiOnTheScreenAndTheSameToAReader() throws Exception {
        String hostile = "\u001b[31m \u009b31m \u009d0;title\u0007 \u202egnp.exe \u2028 ‘grün’";

        String line = EventJson.text(Map.of("detail", hostile));

        assertThat(line).matches("[ -~]+");
        assertThat(new ObjectMapper().readTree(line).get("detail").textValue()).isEqualTo(hostile);
    }
}
