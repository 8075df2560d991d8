package dev.lastword.http;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;

/** What {@code /openapi.yml} says of the whole. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Lastword",
            version = "0.1",
            license =
                @License(
                    name = "Apache-2.0",
                    url = "https://www.apache.org/licenses/LICENSE-2.0.txt")))
final class Api {
  private Api() {}
}
